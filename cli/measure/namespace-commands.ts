/**
 * The commands that make hosts out of network namespaces, as data: a namespace with a bridge is the switch, each host hangs on it by a pair of virtual
 * interfaces, and a token bucket at both ends of the pair limits what the host sends and what it receives. Settings are those found to give a link whose
 * time is latency plus bytes over rate: Reno (BBR would probe the bucket), no slow start after a pause, windows smaller than the bucket's queue so that
 * nothing is dropped, and segments smaller than its burst. Leaves out delay and loss (many kernels have no netem): latency is that of the processors.
 */
export interface HostNames {
  /** Of the namespace and of the host itself. */
  readonly name: string;
  readonly address: string;
  readonly port: string;
}

export interface NetworkPlan {
  readonly switchName: string;
  readonly switchAddress: string;
  readonly hosts: readonly HostNames[];
  readonly rate_bit_per_s: number | null;
}

/** The same inside every host: each namespace has names of its own. */
export const hostInterface = "eth0";
export const subnet = "10.77.0.0/24";
export const mostHosts = 200;

const burst_bytes = 64 * 1024;
const queue_bytes = 16 * 1024 * 1024;
const segment_bytes = 16 * 1024;

const settings = [
  "net.ipv4.tcp_congestion_control=reno",
  "net.ipv4.tcp_slow_start_after_idle=0",
  "net.ipv4.tcp_no_metrics_save=1",
  "net.ipv4.tcp_wmem=4096 262144 1048576",
  "net.ipv4.tcp_rmem=4096 262144 2097152",
];

/** Namespaces are seen by every process of the machine, so names carry the process and its count of networks. */
export function planNetwork(hosts: number, rate_bit_per_s: number | null, process_id: number, network: number): NetworkPlan {
  const prefix = `${namePrefix}${process_id}-${network}`;
  return {
    switchName: `${prefix}-switch`,
    switchAddress: "10.77.0.254",
    hosts: Array.from({ length: hosts }, (_, index) => ({ name: `${prefix}-h${index}`, address: `10.77.0.${index + 1}`, port: `port${index}` })),
    rate_bit_per_s,
  };
}

const namePrefix = "exatwin-";

/** The process whose network a namespace belongs to; undefined for a namespace of somebody else. */
export function ownerOf(namespace: string): number | undefined {
  const found = new RegExp(`^${namePrefix}(\\d+)-\\d+-(switch|h\\d+)$`).exec(namespace);
  return found ? Number(found[1]) : undefined;
}

export const namespacesOf = (plan: NetworkPlan): string[] => [...plan.hosts.map(({ name }) => name), plan.switchName];

export function commandsToMake(plan: NetworkPlan): string[][] {
  const { switchName } = plan;
  return [
    words(`ip netns add ${switchName}`),
    words(`ip -n ${switchName} link add bridge0 type bridge`),
    words(`ip -n ${switchName} addr add ${plan.switchAddress}/24 dev bridge0`),
    words(`ip -n ${switchName} link set bridge0 up`),
    words(`ip -n ${switchName} link set lo up`),
    ...plan.hosts.flatMap((host) => commandsForHost(host, plan)),
  ];
}

function commandsForHost({ name, address, port }: HostNames, { switchName, rate_bit_per_s }: NetworkPlan): string[][] {
  const shape = (namespace: string, device: string): string[][] =>
    rate_bit_per_s === null ? [] : [words(`tc -n ${namespace} qdisc add dev ${device} root tbf rate ${rate_bit_per_s}bit burst ${burst_bytes} limit ${queue_bytes}`)];
  return [
    words(`ip netns add ${name}`),
    words(`ip link add ${hostInterface} netns ${name} type veth peer name ${port} netns ${switchName}`),
    words(`ip -n ${name} link set ${hostInterface} gso_max_size ${segment_bytes}`),
    words(`ip -n ${switchName} link set ${port} gso_max_size ${segment_bytes}`),
    words(`ip -n ${name} addr add ${address}/24 dev ${hostInterface}`),
    ["ip", "netns", "exec", name, "sysctl", "-qw", ...settings],
    ...shape(name, hostInterface),
    ...shape(switchName, port),
    words(`ip -n ${switchName} link set ${port} master bridge0 up`),
    words(`ip -n ${name} link set ${hostInterface} up`),
    words(`ip -n ${name} link set lo up`),
  ];
}

/** Deleting a namespace deletes its ends of the links, and so the links. */
export const commandsToRemove = (namespaces: readonly string[]): string[][] => namespaces.map((name) => words(`ip netns del ${name}`));

/** argv of a program that runs on a host. */
export const onHost = (name: string, argv: readonly string[]): string[] => ["ip", "netns", "exec", name, ...argv];

const words = (line: string): string[] => line.split(" ");

/** As links are called in rows: "1 Gbit/s", "unshaped". */
export function nameLink(rate_bit_per_s: number | null): string {
  if (rate_bit_per_s === null) return "unshaped";
  const [unit, size] = rate_bit_per_s >= 1e9 ? (["Gbit/s", 1e9] as const) : rate_bit_per_s >= 1e6 ? (["Mbit/s", 1e6] as const) : (["bit/s", 1] as const);
  return `${Number((rate_bit_per_s / size).toPrecision(6))} ${unit}`;
}
