/** An order in which things that are alike stand beside each other, so that structure shows. */

/** Of how many things the tree is made at most; it takes time with their square. */
export const MOST_LEAVES = 512;

/**
 * Orders things by a tree of average linkage, whose branches are turned so that the ends that meet are alike
 * (Gruvaeus and Wainer, 1972). Of many things the tree is of some at equal distances, and each other one stands
 * after the one of them that it is most like.
 *
 * @param things - A list of numbers each, all of the same length; finite.
 * @returns The things' numbers in their order. It yields often, so that it can be done bit by bit.
 */
export function* leafOrder(
  things: readonly ArrayLike<number>[],
): Generator<void, Uint32Array<ArrayBuffer>> {
  const every = Math.ceil(things.length / MOST_LEAVES);
  const leaves = things.flatMap((_, thing) => (thing % every === 0 ? [thing] : []));
  const distances = new Float32Array(leaves.length ** 2);
  for (const [place, leaf] of leaves.entries()) {
    for (let other = 0; other < place; other += 1) {
      const distance = distanceOf(things, leaf, leaves[other] as number);
      distances[place * leaves.length + other] = distance;
      distances[other * leaves.length + place] = distance;
    }
    yield;
  }
  const followers = new Map<number, number[]>(leaves.map((leaf) => [leaf, [leaf]]));
  for (let thing = 0; thing < things.length; thing += 1) {
    if (thing % every !== 0) {
      followers.get(nearestTo(things, thing, leaves))?.push(thing);
      yield;
    }
  }
  const order = yield* treeOrder(distances, leaves.length);
  return Uint32Array.from(order.flatMap((leaf) => followers.get(leaves[leaf] as number) ?? []));
}

/** The leaves of the tree of average linkage, by the chain of nearest neighbours (Benzécri, 1982). */
function* treeOrder(distances: Float32Array, count: number): Generator<void, number[]> {
  const between = distances.slice();
  const members: (number[] | null)[] = Array.from({ length: count }, (_, leaf) => [leaf]);
  const chain: number[] = [];
  for (let merges = 0; merges < count - 1; ) {
    if (chain.length === 0) {
      chain.push(members.findIndex((one) => one !== null));
    }
    const tip = chain.at(-1) as number;
    const before = chain.at(-2) ?? -1;
    const nearest = nearestCluster(between, members, tip, before);
    if (nearest !== before) {
      chain.push(nearest);
      continue;
    }
    chain.length -= 2;
    merge(between, members, before, tip, distances);
    merges += 1;
    yield;
  }
  return members.find((one) => one !== null) ?? [];
}

/** The cluster that is nearest to another one; of equally near ones `preferred`, so that the chain ends. */
function nearestCluster(
  between: Float32Array,
  members: readonly (number[] | null)[],
  own: number,
  preferred: number,
): number {
  const count = members.length;
  let nearest = preferred;
  let least =
    preferred < 0 ? Number.POSITIVE_INFINITY : (between[own * count + preferred] as number);
  for (let other = 0; other < count; other += 1) {
    const distance = between[own * count + other] as number;
    if (other !== own && members[other] && distance < least) {
      nearest = other;
      least = distance;
    }
  }
  return nearest;
}

/** Puts a second cluster into a first one. */
function merge(
  between: Float32Array,
  members: (number[] | null)[],
  first: number,
  second: number,
  distances: Float32Array,
): void {
  const count = members.length;
  const one = members[first] as number[];
  const other = members[second] as number[];
  for (let cluster = 0; cluster < count; cluster += 1) {
    const a = between[first * count + cluster] as number;
    const b = between[second * count + cluster] as number;
    // Rounded below both, it would lead the chain in a circle.
    const average = Math.max(
      Math.min(a, b),
      (a * one.length + b * other.length) / (one.length + other.length),
    );
    between[first * count + cluster] = average;
    between[cluster * count + first] = average;
  }
  members[first] = joined(one, other, (a, b) => distances[a * count + b] as number);
  members[second] = null;
}

/** Two lists one after the other, each turned as it may be, so that the ends that meet are nearest. */
function joined(
  one: number[],
  other: number[],
  distance: (a: number, b: number) => number,
): number[] {
  const turned = (list: number[]) => [list, [...list].reverse()];
  const ways = turned(one).flatMap((a) =>
    turned(other).map((b) => ({
      list: [...a, ...b],
      gap: distance(a.at(-1) as number, b[0] as number),
    })),
  );
  return ways.reduce((least, way) => (way.gap < least.gap ? way : least)).list;
}

function nearestTo(
  things: readonly ArrayLike<number>[],
  thing: number,
  leaves: readonly number[],
): number {
  let nearest = leaves[0] as number;
  let least = Number.POSITIVE_INFINITY;
  for (const leaf of leaves) {
    const distance = distanceOf(things, thing, leaf);
    if (distance < least) {
      [nearest, least] = [leaf, distance];
    }
  }
  return nearest;
}

/** The Euclidean distance. */
function distanceOf(things: readonly ArrayLike<number>[], one: number, other: number): number {
  const a = things[one] as ArrayLike<number>;
  const b = things[other] as ArrayLike<number>;
  let sum = 0;
  for (let place = 0; place < a.length; place += 1) {
    sum += ((a[place] as number) - (b[place] as number)) ** 2;
  }
  return Math.sqrt(sum);
}
