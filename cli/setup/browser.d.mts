export interface Browser {
  path: string;
  env: Record<string, string | undefined>;
  origin: "CHROME" | "system" | "package";
}
export function chooseBrowser(root: string, env: Readonly<Record<string, string | undefined>>, candidates?: readonly string[]): Browser;
export function browserLaunchOptions(
  root: string,
  env?: Readonly<Record<string, string | undefined>>,
): Promise<{ executablePath: string; env: Record<string, string>; headless: boolean }>;
