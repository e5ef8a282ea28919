import { expect, test, vi } from "vitest";
import { Resource } from "../src/state/resource";

const sized = (byteLength: number) => ({ byteLength });
const settled = () => new Promise((resolve) => setTimeout(resolve));

test("a value is fetched once, and stays", async () => {
  const resource = new Resource<{ byteLength: number }>(1e6);
  const fetch = vi.fn(async () => sized(10));
  const loaded = resource.get("a", fetch);
  expect(loaded.value.state).toBe("loading");
  await settled();
  expect(resource.get("a", fetch).value).toEqual({ state: "ready", value: sized(10) });
  expect(fetch).toHaveBeenCalledTimes(1);
});

test("where there is no room for all, the values used last stay", async () => {
  const resource = new Resource<{ byteLength: number }>(250_000);
  const fetch = vi.fn(async () => sized(100_000));
  for (const name of ["a", "b", "c"]) {
    resource.get(name, fetch);
    await settled();
  }
  resource.get("c", fetch);
  resource.get("b", fetch);
  expect(fetch).toHaveBeenCalledTimes(3);
  resource.get("a", fetch);
  expect(fetch).toHaveBeenCalledTimes(4);
});

test("a failure is told, and tried again only when we are told to", async () => {
  const resource = new Resource<{ byteLength: number }>(1e6);
  const fetch = vi.fn(async () => {
    throw new Error("run 'a' has no series 'b'");
  });
  resource.get("a", fetch);
  await settled();
  expect(resource.get("a", fetch).value).toEqual({
    state: "failed",
    reason: "run 'a' has no series 'b'",
  });
  expect(fetch).toHaveBeenCalledTimes(1);
  expect(resource.forgetFailures()).toBe(true);
  expect(resource.forgetFailures()).toBe(false);
  resource.get("a", fetch);
  expect(fetch).toHaveBeenCalledTimes(2);
});

test("what is no longer wanted is no longer fetched, and can be wanted again", async () => {
  const resource = new Resource<{ byteLength: number }>(1e6);
  const signals: AbortSignal[] = [];
  const never = (signal: AbortSignal) => {
    signals.push(signal);
    return new Promise<{ byteLength: number }>(() => {});
  };
  resource.get("near", never);
  resource.get("far", never);
  resource.abortAllBut(new Set(["near"]));
  expect(signals.map((signal) => signal.aborted)).toEqual([false, true]);
  resource.get("far", never);
  expect(signals).toHaveLength(3);
});

test("what may be next is fetched once all that is looked at is there, and nothing else any more", async () => {
  const resource = new Resource<{ byteLength: number }>(1e6);
  const asked: string[] = [];
  const aborted: string[] = [];
  const named = (name: string) => ({
    name,
    fetch: async (signal: AbortSignal) => {
      asked.push(name);
      signal.addEventListener("abort", () => aborted.push(name));
      return sized(10);
    },
  });
  resource.get("far", named("far").fetch);
  resource.fetchAround([named("now")], [named("next")]);
  expect(asked).toEqual(["far", "now"]);
  expect(aborted).toEqual(["far"]);
  await settled();
  expect(resource.areLoaded([named("now")])).toBe(true);
  resource.fetchAround([named("now")], [named("next")]);
  expect(asked).toEqual(["far", "now", "next"]);
});
