/**
 * Storage of a machine: systems that all nodes share (parallel file system, burst buffer, object store) and tiers of one node. Only a name and two read rates must be
 * known; what a document leaves out limits nothing and is told as not known.
 */
import { z } from "zod";
import { fact } from "./fact.ts";

const metadata = z.strictObject({
  open: fact("operations").optional().meta({ description: "Files that all clients together open and read a second" }),
  stat: fact("operations").optional().meta({ description: "Files whose entry all clients together look up a second" }),
});

const servers = z.strictObject({
  used: fact("count", { min: 1 }).meta({ description: "Servers that hold the data set" }),
  read: z.record(z.string().regex(/^[1-9]\d*$/, "a number of servers, such as \"128\""), fact("bandwidth")).meta({ description: "Bandwidth of a number of servers; between two rows it follows a power law" }),
});

export const sharedStorageSchema = z.strictObject({
  name: z.string(),
  read: fact("bandwidth").meta({ description: "All clients together" }),
  nodeRead: fact("bandwidth").meta({ description: "The most that one node reads" }),
  streamRead: fact("bandwidth").optional().meta({ description: "The most that one reader process reads; left out: a node's limit" }),
  replicatedRead: fact("bandwidth").optional().meta({ description: "All clients together where many nodes read the same files at once: they wait for the same locks and servers. Left out: as if they read different files" }),
  write: fact("bandwidth").optional().meta({ description: "All clients together" }),
  nodeWrite: fact("bandwidth").optional().meta({ description: "The most that one node writes" }),
  capacity: fact("data").optional(),
  perFile: fact("time", { min: 0 }).optional().meta({ description: "Time of one client to open a file and reach its first byte" }),
  metadata: metadata.optional().meta({ description: "What the metadata servers do for all clients together" }),
  servers: servers.optional().meta({ description: "Where the bandwidth hangs on how many servers are used, as with DAOS" }),
  available: fact("fraction", { min: 0.001, max: 1 }).optional().meta({ description: "Share of the bandwidth that other jobs leave: its median, with the range that holds 95 % of the time. Left out: all of it" }),
  readSpread: fact("fraction", { min: 0, max: 10 }).optional().meta({ description: "Relative standard deviation of the time of one read, for files of one size" }),
});

export const localStorageSchema = z.strictObject({ kind: z.enum(["nvme", "dram"]), capacity: fact("data").optional(), read: fact("bandwidth"), write: fact("bandwidth") });

export const pageCacheSchema = z.strictObject({
  capacity: fact("data").meta({ description: "Host memory that keeps files that were read" }),
  read: fact("bandwidth").meta({ description: "What the node reads from it" }),
});
