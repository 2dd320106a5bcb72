/**
 * The input pipeline of one node in steady state: read, decode, copy to the device. The stages work on different batches at the same time, so each is
 * compared with the step on its own. Left out: variability of reads, shuffling and the first epoch of a cold cache.
 */
export interface InputSupply {
  /** Bytes of one sample as stored, and as copied to the device. */
  readonly stored_bytes: number;
  readonly deviceSample_bytes: number;
  /** Samples of one step. */
  readonly samplesPerDevice: number;
  readonly samplesPerFile: number;
  /** To open a file and reach its first byte, for one reader. */
  readonly perFile_s: number;
  readonly devicesPerNode: number;
  readonly nodes: number;
  /** Where samples are read from in training: local storage after staging, else the file system. */
  readonly localRead_bytes_per_s: number | null;
  readonly fileSystemRead_bytes_per_s: number;
  readonly fileSystemNodeRead_bytes_per_s: number;
  readonly workersPerDevice: number;
  /** Time of one worker for one sample. */
  readonly decodeSample_s: number;
  readonly hostLink_bytes_per_s: number;
}

export interface InputTimes {
  readonly read_s: number;
  readonly decode_s: number;
  readonly copy_s: number;
  /** Rate at which one node may read. */
  readonly nodeRead_bytes_per_s: number;
}

export function inputTimes(supply: InputSupply): InputTimes {
  const device_bytes = supply.stored_bytes * supply.samplesPerDevice;
  const shared = Math.min(supply.fileSystemNodeRead_bytes_per_s, supply.fileSystemRead_bytes_per_s / supply.nodes);
  const nodeRead_bytes_per_s = supply.localRead_bytes_per_s ?? shared;
  const open_s = ((supply.samplesPerDevice / supply.samplesPerFile) * supply.perFile_s) / supply.workersPerDevice;
  return {
    read_s: (device_bytes * supply.devicesPerNode) / nodeRead_bytes_per_s + open_s,
    decode_s: (supply.samplesPerDevice * supply.decodeSample_s) / supply.workersPerDevice,
    copy_s: (supply.deviceSample_bytes * supply.samplesPerDevice) / supply.hostLink_bytes_per_s,
    nodeRead_bytes_per_s,
  };
}
