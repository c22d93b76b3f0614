// How the project is built: command line, thin client and worker for Node, the preload script for Electron, the window.
import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import type { Plugin } from 'vite'

const root = resolve(import.meta.dirname, '..')
const output = resolve(root, 'out')
const startedAt = new Date()

/**
 * Leaves `out/.built`, dated to the start of the build, once the last part is written: the launcher compares the sources
 * with it. A source that is saved while the build runs is newer, so it is built again.
 */
function stamp(): Plugin {
  return {
    name: 'slipstream:stamp',
    apply: 'build',
    async writeBundle() {
      const file = resolve(output, '.built')
      await mkdir(output, { recursive: true })
      await writeFile(file, '')
      await utimes(file, startedAt, startedAt)
    },
  }
}

export default defineConfig({
  main: {
    build: {
      outDir: resolve(output, 'main'),
      // The thin client runs on whatever Node is there, from 20 on.
      target: 'node20.19',
      // Bundled, what a start waits for: finding and reading their hundreds of files takes longer than running them. Not ws: its
      // optional parts would be replaced by empty ones.
      externalizeDeps: { exclude: ['openai', 'zod'] },
      rolldownOptions: {
        input: {
          cli: resolve(root, 'main/host/cli.ts'),
          client: resolve(root, 'main/host/client.ts'),
          shell: resolve(root, 'main/shell/entry.ts'),
          worker: resolve(root, 'main/adapters/worker.ts'),
        },
        output: {
          format: 'es',
          // Flat: the code finds the worker beside whatever chunk it landed in.
          entryFileNames: '[name].mjs',
          chunkFileNames: 'chunk-[name]-[hash].mjs',
        },
      },
    },
  },
  preload: {
    build: {
      outDir: resolve(output, 'preload'),
      // One file with everything in it, as CommonJS: a sandboxed preload script can load nothing else.
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: resolve(root, 'preload/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  },
  // Built last (electron-vite's order is main, preload, renderer), so the stamp means that all three are there.
  renderer: {
    root: resolve(root, 'renderer'),
    build: {
      outDir: resolve(output, 'renderer'),
      minify: true,
      // Loaded from this machine: size is no matter there.
      chunkSizeWarningLimit: 4_000,
      rolldownOptions: { input: { index: resolve(root, 'renderer/index.html') } },
    },
    plugins: [react(), stamp()],
  },
})
