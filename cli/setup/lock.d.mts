export function withSetupLock<Result>(root: string, out: { write(text: string): unknown }, work: () => Promise<Result>): Promise<Result>;
