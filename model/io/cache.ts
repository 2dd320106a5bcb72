/**
 * Hits in host memory that keeps the files read last (LRU), when samples are read in a new random order in every epoch. Of one node that always reads the same share,
 * a sample at place u of one epoch and v of the next (both in 0..1 of the share) is kept if what was read in between, (1 - u) + u v of the share, is less than the cache
 * c: the hits are c + (1 - c) ln(1 - c), far fewer than c. Of n nodes that deal all samples anew, an epoch hands a node any sample with probability 1/n: w epochs read
 * n (1 - (1 - 1/n)^w) shares of different samples, so a cache of c shares reaches back w = ln(1 - c/n) / ln(1 - 1/n) epochs, and holds a sample that was read in one of them;
 * of the running epoch nothing comes twice. Left out: caches that keep what will be read next.
 */
export function cacheHits(cacheShares: number, nodes: number): number {
  if (!(cacheShares > 0)) return 0;
  if (nodes <= 1) return cacheShares >= 1 ? 1 : cacheShares + (1 - cacheShares) * Math.log1p(-cacheShares);
  if (cacheShares >= nodes) return 1;
  const missed = 1 - 1 / nodes;
  const back = Math.log1p(-cacheShares / nodes) / Math.log(missed);
  // Place in the epoch runs from 0 to 1; what the cache still holds of earlier epochs, from `back` down to `back` - 1.
  let hits = 0;
  for (let epoch = Math.max(0, Math.floor(back - 1)); epoch < back; epoch++) {
    const from = Math.max(0, back - 1 - epoch);
    const to = Math.min(1, back - epoch);
    if (to > from) hits += to - from - missed ** epoch * (to - from - (to * to - from * from) / (2 * nodes));
  }
  return hits;
}
