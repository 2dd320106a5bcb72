/** Readers of arithmetic and memory. */
import type { Reader } from "../reader.ts";
import { babelstream } from "./babelstream.ts";
import { benchdnn } from "./benchdnn.ts";
import { cublasTable } from "./cublas-table.ts";
import { cudaSamples } from "./cuda-samples.ts";
import { deepbenchReader } from "./deepbench.ts";
import { exatwinMeasurement } from "./exatwin-measurement.ts";
import { gemmListing } from "./gemm-listing.ts";
import { hostSpecification } from "./host-specification.ts";
import { hpl } from "./hpl.ts";
import { nvbandwidth } from "./nvbandwidth.ts";
import { shoc } from "./shoc.ts";
import { stream } from "./stream.ts";

export const computeReaders: readonly Reader[] = [stream, babelstream, hpl, gemmListing, cublasTable, benchdnn, deepbenchReader, hostSpecification, nvbandwidth, cudaSamples, shoc, exatwinMeasurement];
