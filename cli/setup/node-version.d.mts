export function describeOldNode(found: string, floor: string): string;
export function runOnSupportedNode(load: () => Promise<{ main(args: string[]): unknown }>, onRefusal?: () => void): Promise<unknown>;
