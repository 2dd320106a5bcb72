/** What people call an input. Anything not listed is named by its path. */
const labels: Record<string, string> = {
  "device.memory.bandwidth": "Device memory bandwidth",
  "device.memory.efficiency": "Reached share of memory bandwidth",
  "device.memory.capacity": "Device memory",
  "device.memory.visible": "Device memory as the driver shows it",
  "device.products.innerRamp": "Inner extent at which a product takes twice its time",
  "device.products.outerRamp": "Outer extent at which a product takes twice its time",
  "machine.node.deviceLink.halfSize": "Bytes at which the link of a node reaches half its rate",
  "machine.fabric.collectiveLatency": "Latency of a collective between nodes",
  "machine.fabric.sliceContention": "Growth of the time between slices",
  "device.multiprocessors": "Multiprocessors per device",
  "device.exponentials": "Exponentials per second",
  "device.l2": "Last-level cache of the device",
  "device.kernelsLike.spread": "Error of borrowed kernel constants",
  "device.power": "Board power of the device",
  "device.idlePower": "Idle power of the device",
  "machine.power.processors.idle": "Host processor, idle",
  "machine.power.processors.full": "Host processor, all cores at work",
  "machine.power.processors.load": "Host processors, share of the way to full",
  "machine.power.processors.count": "Host processors of a node",
  "machine.power.memory": "Power of host memory",
  "machine.power.networkPorts.count": "Network ports of a node",
  "machine.power.networkPorts.each": "Power of a network port",
  "machine.power.deviceSwitches": "Power of switches between devices",
  "machine.power.localStorage": "Power of local storage",
  "machine.power.other": "Power of boards, regulators and management",
  "machine.power.fans": "Fans over the rest of a node",
  "machine.power.conversion": "Efficiency of power supplies",
  "machine.power.switches.count": "Switches of the fabric",
  "machine.power.switches.each": "Power of a switch of the fabric",
  "machine.power.fileSystem": "Power of the file system",
  "machine.power.moduleCap": "Power budget of a device with its processor",
  "machine.power.pue": "PUE of the site",
  "machine.nodes": "Nodes",
  "machine.node.devices": "Devices per node",
  "machine.node.deviceLink.bandwidth": "Link between devices of a node",
  "machine.node.deviceLink.latency": "Latency inside a node",
  "machine.node.hostLink.bandwidth": "Host to device link",
  "machine.node.injection": "Injection per node",
  "machine.node.memorySharing": "Memory-bound work with all devices at work, over one alone",
  "machine.node.productSharing.fp64": "Products with all devices at work, over one alone, FP64",
  "machine.node.productSharing.fp32": "Products with all devices at work, over one alone, FP32",
  "machine.node.productSharing.tf32": "Products with all devices at work, over one alone, TF32",
  "machine.node.productSharing.fp16": "Products with all devices at work, over one alone, FP16",
  "machine.node.productSharing.bf16": "Products with all devices at work, over one alone, BF16",
  "machine.node.sharedCore.communication": "Collectives held up by the busy core",
  "machine.node.sharedCore.blockingCall": "Collective waited for alone",
  "machine.node.sharedCore.processing": "Collective bytes per second of core time",
  "machine.node.hostMemory": "Host memory",
  "machine.node.localStorage.read": "Local storage, read",
  "machine.node.localStorage.write": "Local storage, write",
  "machine.node.localStorage.capacity": "Local storage, capacity",
  "machine.fabric.latency": "Fabric latency",
  "machine.fabric.efficiency": "Reached share of injection",
  "machine.fabric.messageOverhead": "Host time per small message",
  "machine.node.cores": "Cores of a node",
  "machine.node.hostLink.node": "Host to device copies, whole node",
  "machine.node.pageCache.capacity": "Page cache, capacity",
  "machine.node.pageCache.read": "Page cache, read",
  "workload.dataset.decode": "Decode time of a sample",
  "workload.dataset.sizeSpread": "Spread of sample sizes",
  "stack.input.decodeSpread": "Spread of decode times",
  "stack.input.reservedCores": "Cores kept by the communication library",
  "machine.deviceSpread.sigma": "Speed spread between devices, σ",
  "machine.deviceSpread.tail": "Tail of the slowest device",
  "machine.deviceSpread.jitter": "Work that differs from step to step",
  "machine.slowDevices.share": "Share of slow devices",
  "machine.slowDevices.slowdown": "Time of a slow device over the others'",
  "machine.slowNodes.count": "Slow nodes in the job",
  "machine.slowNodes.share": "Share of slow nodes",
  "machine.slowNodes.slowdown": "Time of a slow node over the others'",
  "machine.otherDevices.share": "Share of devices of the other kind",
  "workload.dataset.samples": "Samples of the data set",
  "workload.dataset.storedSample": "Stored bytes of a sample",
  "plan.fusion": "Fusion buffer",
  "plan.asynchrony.serverBandwidth": "Rate of one server of weights",
  "plan.asynchrony.penalty": "Samples to target over synchronous training",
  "plan.compression.share": "Share of the gradient that is sent",
  "plan.compression.passes": "Memory passes of compression",
  "stack.kernels.workspace": "Workspace of a convolution",
  "stack.kernels.denseFactor": "Dense factor of the stack",
  "stack.launch.synchronous": "Wait for each kernel",
  "stack.tensors.migration": "Share of the host link that moving pages reach",
  "stack.tensors.fault": "Time of a page fault",
  "stack.tensors.faultGroup": "Bytes of a page fault",
  "stack.kernels.depthwiseTraffic": "Depth-wise convolution traffic",
  "stack.kernels.convolutionFactor.fp32": "Convolution factor of the stack, FP32",
  "stack.kernels.convolutionFactor.fp16": "Convolution factor of the stack, FP16",
  "stack.trafficFactor": "Error of the traffic table",
  "stack.optimizerTraffic": "Optimizer traffic over the least",
  "stack.launch.operation": "Launch cost per kernel",
  "stack.launch.step": "Launch cost per step",
  "stack.collective.firstBucket": "First buffer",
  "stack.collective.leaderBandwidthShare": "Bandwidth share of one leader",
  "stack.controlPlane.requestProcessing": "Processing of one request",
  "stack.controlPlane.cycle": "Pause between negotiation rounds",
  "stack.input.workerRead": "Read rate of one input worker",
  "stack.staging.nodeReceive": "Staging, received by one node from peers",
  "stack.synchronisedNormalisation": "Exchange per batch-normalisation layer",
};

const collectives: Record<string, string> = {
  start_s: "start", hop_s: "hop", channelHop_s: "hop with all channels, more", channelFill_bytes: "message that fills the channels", simpleHop_s: "hop with Simple, more", lowLatencyShare: "share of the rate with low latency",
  chunk_bytes: "chunk held back at a hop", rate_bytes_per_s: "rate", ringStep_s: "ring step", rateShare: "reached share of the ports",
};

const sharedStorage: Record<string, string> = {
  read: "read, all nodes", nodeRead: "read, one node", streamRead: "read, one process", replicatedRead: "read, the same files by many nodes", write: "write, all nodes", nodeWrite: "write, one node", capacity: "capacity",
  perFile: "time to open a file", "metadata.open": "opens a second", "metadata.stat": "look-ups a second", "servers.used": "servers used", available: "share that other jobs leave", readSpread: "spread of read times",
};

export function labelOf(path: string): string {
  const known = labels[path];
  if (known) return known;
  const storage = /^machine\.(fileSystem|burstBuffer)\.(.+)$/.exec(path);
  if (storage) {
    const [, tier, key = ""] = storage;
    const row = /^servers\.read\.(\d+)$/.exec(key);
    return `${tier === "fileSystem" ? "File system" : "Burst buffer"} ${row ? `read of ${row[1]} servers` : (sharedStorage[key] ?? key)}`;
  }
  const format = /^stack\.input\.formats\.([\w-]+)$/.exec(path);
  if (format) return `Decode rate of ${format[1]}`;
  const peak = /^device\.peaks\.(\w+)$/.exec(path);
  if (peak) return `Datasheet peak, ${peak[1]?.toUpperCase()}`;
  const ceiling = /^device\.products\.ceiling\.(\w+)$/.exec(path);
  if (ceiling) return `Share of the peak that large products reach, ${ceiling[1]?.toUpperCase()}`;
  const traffic = /^stack\.traffic\.([\w-]+)\.(forward|backward)$/.exec(path);
  if (traffic) return `Transfers per element, ${traffic[1]?.replaceAll("-", " ")}, ${traffic[2]}`;
  const collective = /^collectives\.(inside|across)\.(\w+)$/.exec(path);
  if (collective) return `Collectives ${collective[1] === "inside" ? "inside a node" : "between nodes"}: ${collectives[collective[2] ?? ""] ?? collective[2]}`;
  return path;
}
