import { gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const MAX_GZIPPED_BYTES = 200_000;

/** Fails a build that has grown too large to open at once. */
function budget(): Plugin {
  return {
    name: "budget",
    writeBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        const bytes = gzipSync("code" in file ? file.code : file.source).length;
        if (bytes > MAX_GZIPPED_BYTES) {
          throw new Error(`${file.fileName} has ${bytes} bytes gzipped, over ${MAX_GZIPPED_BYTES}`);
        }
      }
    },
  };
}

export default defineConfig({
  plugins: [budget()],
  build: {
    target: "es2022",
    outDir: "../tensorboard_plugin_rnnweights/static",
    emptyOutDir: true,
    lib: {
      entry: { index: "src/index.tsx", reading_worker: "src/api/reading_worker.ts" },
      formats: ["es"],
      fileName: (_, name) => `${name}.js`,
    },
  },
});
