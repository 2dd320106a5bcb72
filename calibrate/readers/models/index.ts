/** Readers of descriptions of models. */
import type { Reader } from "../reader.ts";
import { huggingFace } from "./hugging-face.ts";
import { onnx } from "./onnx.ts";

export const modelReaders: readonly Reader[] = [onnx, huggingFace];
