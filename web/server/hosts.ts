/**
 * Which Host headers a loopback server answers. A page of another site can make its own name point to 127.0.0.1 (DNS rebinding) and would then
 * be the same origin as this server; its requests carry that name, and are refused here.
 */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  return name === "localhost" || name.endsWith(".localhost") || name === "::1" || /^127(\.\d{1,3}){3}$/.test(name);
}

/** The name in a Host header, without the port. */
export function hostName(header: string | undefined): string {
  const match = /^(\[[^\]]+\]|[^:]+)(:\d+)?$/.exec(header ?? "");
  return match?.[1] ?? "";
}
