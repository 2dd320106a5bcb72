/** Scale-up and scale-out of a step, each on lines of its own. */
import type { TrackTime, Tracks } from "../../model/explain/tracks.ts";
import { showQuantity } from "../../model/units.ts";
import { bold, wrap, type Look } from "./look.ts";

const time = (time_s: number): string => showQuantity(time_s, "time");
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const named = (library: string | null): string => (library === null ? "" : ` (${library})`);
const took = ({ time_s, share, hidden_s }: TrackTime): string => `${time(time_s)}, ${percent(share)} of the step${hidden_s > 0 ? `; ${time(hidden_s)} more hidden` : ""}`;

export function writeTracks({ scaleUp, scaleOut, other }: Tracks, look: Look): string[] {
  const { layoutCopies, peakShare, sharing_s } = scaleUp;
  const up = [
    peakShare === null ? "no products" : `products reach ${percent(peakShare)} of the device's peak`,
    ...(sharing_s > 0 ? [`devices at work beside each other take ${time(sharing_s)} of it`] : []),
    ...(layoutCopies === null ? [] : [layoutCopies.on ? `layout copies ${time(layoutCopies.time_s)}` : `no layout copies, which would add ${time(layoutCopies.time_s)} on one device`]),
  ];
  const parts = `${scaleOut.sums} ${scaleOut.sums === 1 ? "sum" : "sums"} of gradients: ${time(scaleOut.insideNode_s)} inside nodes, ${time(scaleOut.betweenNodes_s)} between nodes, ${time(scaleOut.latency_s)} latency`;
  const out = [scaleOut.sums === 0 ? "no sums" : parts, ...(scaleOut.concurrent === false ? ["one collective at a time"] : [])];
  const lines = [`Scale-up${named(scaleUp.library)}: ${took(scaleUp)}; ${up.join("; ")}`, `Scale-out${named(scaleOut.library)}: ${took(scaleOut)}; ${out.join("; ")}`, `Neither, input and the slowest device: ${took(other)}`];
  return [bold("The step by what is improved apart", look), ...lines.map((line) => wrap(`  ${line}`, look.width, "      "))];
}
