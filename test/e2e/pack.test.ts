// What electron-builder packs, for each platform, around a stand-in for Electron's files: archive, fuses, metadata; and that what
// is in the archive runs.
import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..')
const VERSION = '45.3.4'
/** What @electron/fuses looks for in Electron's program: then come version, length and one character a fuse. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
const WIRE = Buffer.concat([Buffer.from(SENTINEL), Buffer.from([1, 8]), Buffer.from('10110001')])
/** RunAsNode, cookies, NODE_OPTIONS, inspect, integrity, only asar, snapshot of its own, privileges of `file:`. */
const FUSES = '01001100'
const run = promisify(execFile)
const load = createRequire(import.meta.url)

const asar: {
  listPackage(archive: string): string[]
  extractAll(archive: string, folder: string): void
  getRawHeader(archive: string): { headerString: string }
} = load('@electron/asar')

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipstream-pack-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function put(file: string, content: string | Buffer, mode = 0o644): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, content)
  await chmod(file, mode)
}

/** Packs for one platform; answers what was printed. */
async function pack(platform: 'linux' | 'mac' | 'win', dist: string, words: readonly string[] = []): Promise<string> {
  for (const name of ['LICENSE', 'LICENSES.chromium.html']) await put(join(dist, name), 'x')
  await put(join(dist, 'version'), VERSION)
  const { stdout } = await run(
    process.execPath,
    [
      join(ROOT, 'node_modules', 'electron-builder', 'cli.js'),
      '--dir',
      `--${platform}`,
      '--x64',
      `-c.electronDist=${dist}`,
      `-c.directories.output=${join(folder, 'out')}`,
      ...words,
    ],
    { cwd: ROOT, env: { ...process.env, CSC_IDENTITY_AUTO_DISCOVERY: 'false' }, maxBuffer: 10_000_000 },
  )
  return stdout
}

async function fusesOf(file: string): Promise<string> {
  const bytes = await readFile(file)
  const at = bytes.indexOf(SENTINEL) + SENTINEL.length + 2
  return bytes.subarray(at, at + 8).toString()
}

function headerHash(archive: string): string {
  return createHash('sha256').update(asar.getRawHeader(archive).headerString).digest('hex')
}

// On Windows electron-builder packs for Windows alone.
if (process.platform !== 'win32')
  describe('for Linux', () => {
    let printed = ''
    const unpacked = (): string => join(folder, 'out', 'linux-unpacked')
    const archive = (): string => join(unpacked(), 'resources', 'app.asar')

    beforeAll(async () => {
      const dist = join(folder, 'linux')
      await put(join(dist, 'electron'), Buffer.concat([Buffer.from('program'), WIRE]), 0o755)
      await put(join(dist, 'chrome-sandbox'), '')
      await mkdir(join(dist, 'resources'), { recursive: true })
      printed = await pack('linux', dist)
    }, 120_000)

    test('the archive holds the program, the window, the worker and the icons, and its size is printed', () => {
      const names = new Set(asar.listPackage(archive()).map((name) => name.replaceAll('\\', '/')))
      for (const name of [
        '/package.json',
        '/out/main/shell.mjs',
        '/out/main/worker.mjs',
        '/out/preload/preload.cjs',
        '/out/renderer/index.html',
        '/main/shell/icons/tray-idle.png',
        '/main/shell/icons/tray-idle@2x.png',
        '/main/shell/icons/icon-256.png',
        '/node_modules/ws/package.json',
        '/node_modules/electron-updater/package.json',
        '/node_modules/@vscode/tree-sitter-wasm/wasm/tree-sitter.wasm',
        '/node_modules/@vscode/tree-sitter-wasm/wasm/tree-sitter-rust.wasm',
      ]) {
        expect(names, name).toContain(name)
      }
      expect(printed).toMatch(/app\.asar {2}\d+\.\d MB/)
    })

    test('and nothing that does not run: no sources, types, tests, other runtimes or build tools', () => {
      const names = asar.listPackage(archive()).map((name) => name.replaceAll('\\', '/'))
      const unwanted = names.filter((name) =>
        /\.(ts|mts|cts|tsx|map|md)$|^\/(test|renderer|preload)\b|node_modules\/(node|electron|vite|vitest|react|typescript|playwright-core|@types)\/|\/main\/(core|host|adapters)\//.test(
          name,
        ),
      )
      expect(unwanted).toEqual([])
    })

    test('the metadata names the shell as what Electron starts', async () => {
      const extracted = join(folder, 'extracted')
      asar.extractAll(archive(), extracted)
      expect(JSON.parse(await readFile(join(extracted, 'package.json'), 'utf8'))).toMatchObject({
        name: 'slipstream',
        main: 'out/main/shell.mjs',
        type: 'module',
      })
    })

    test('the fuses are set in the program', async () => {
      expect(await fusesOf(join(unpacked(), 'slipstream'))).toBe(FUSES)
    })

    test('what is in the archive is enough: it runs, with its worker, packages and all', async () => {
      const extracted = join(folder, 'running')
      asar.extractAll(archive(), extracted)
      await put(join(folder, 'project', 'a.txt'), 'one\n')
      const node = (words: readonly string[]) => run(process.execPath, [...words], { cwd: join(folder, 'project') })
      const cli = join(extracted, 'out', 'main', 'cli.mjs')
      const call = `import { cli } from ${JSON.stringify(`file://${cli}`)}; process.exitCode = await cli(process.argv.slice(1))`
      expect((await node(['--input-type=module', '-e', call, '--', '--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
      const packages = ['ws', 'chokidar', 'ignore', 'iconv-lite', 'chardet', '@vscode/tree-sitter-wasm']
      const load = packages.map((name) => `await import('${name}')`).join('\n')
      await put(join(extracted, 'load.mjs'), `${load}\nconsole.log('loaded')`)
      expect((await node([join(extracted, 'load.mjs')])).stdout).toBe('loaded\n')
      const change = { root: null, path: 'a.js', before: 'a(1)\nb\na(2)\n', after: 'c(1)\nb\na(2)\n', history: [] }
      const child = execFile(process.execPath, [
        '--input-type=module',
        '-e',
        call,
        '--',
        'suggest',
        '--json',
        '--provider',
        'local',
      ])
      let out = ''
      child.stdout?.on('data', (part) => (out += String(part)))
      child.stdin?.end(`${JSON.stringify(change)}\n`)
      await new Promise((resolve) => child.once('close', resolve))
      expect(JSON.parse(out)).toHaveProperty('hunks')
    })

    test('and opens a project, with worker, store and control socket, as soon as Electron is there', async () => {
      const extracted = join(folder, 'opened')
      asar.extractAll(archive(), extracted)
      // Electron's module as the fake: everything else is what was packed.
      await put(
        join(extracted, 'node_modules', 'electron', 'index.mjs'),
        `import { createFakeElectron } from ${JSON.stringify(pathToFileURL(join(ROOT, 'test', 'fakes', 'electron.ts')).href)}
      const electron = createFakeElectron()
      process.resourcesPath = import.meta.dirname
      electron.app.isPackaged = true
      electron.app.ready.resolve()
      electron.app.exited.promise.then((code) => process.exit(code))
      setInterval(() => {}, 1_000)
      export const { app, BrowserWindow, dialog, globalShortcut, ipcMain, Menu, Notification, powerMonitor, protocol, safeStorage } = electron
      export const { screen, session, shell, Tray } = electron`,
      )
      await put(
        join(extracted, 'node_modules', 'electron', 'package.json'),
        '{"name":"electron","exports":"./index.mjs"}',
      )
      await mkdir(join(folder, 'run'), { mode: 0o700 })
      await put(join(folder, 'shop', 'a.txt'), 'one\n')
      const env = { PATH: process.env['PATH'] ?? '', HOME: folder, XDG_RUNTIME_DIR: join(folder, 'run'), DISPLAY: ':0' }
      // A packed program has no script's name among its words.
      const first = 'data:text/javascript,process.argv.splice(1,1)'
      const words = [join(folder, 'shop'), '--data', join(folder, 'data'), '--provider', 'local']
      const child = spawn(
        process.execPath,
        ['--import', first, '--no-warnings', join(extracted, 'out', 'main', 'shell.mjs'), ...words],
        { env },
      )
      let err = ''
      child.stderr.on('data', (part) => (err += String(part)))
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
      const client = join(extracted, 'out', 'main', 'client.mjs')
      const ask = `import { runClient } from ${JSON.stringify(pathToFileURL(client).href)}; process.exitCode = await runClient(process.argv.slice(1))`
      const status = async (): Promise<unknown> => {
        const asked = run(process.execPath, ['--input-type=module', '-e', ask, '--', 'status', '--json'], {
          env,
          cwd: join(folder, 'shop'),
        })
        const { stdout } = await asked.catch(() => ({ stdout: 'null' }))
        return JSON.parse(stdout)
      }
      await expect
        .poll(status, { timeout: 20_000, interval: 200 })
        .toMatchObject({ project: { name: 'shop', watch: { state: 'watching', baselines: 1 } } })
      child.kill('SIGTERM')
      expect(await ended).toBe(0)
      expect(err).toBe('')
    }, 60_000)
  })

if (process.platform !== 'win32')
  test('for macOS: fuses, integrity of the archive, metadata', async () => {
    const dist = join(folder, 'mac')
    const contents = join(dist, 'Electron.app', 'Contents')
    const plist = (name: string): string =>
      `<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><dict><key>CFBundleExecutable</key><string>${name}</string><key>CFBundleIdentifier</key><string>x</string><key>CFBundleName</key><string>${name}</string></dict></plist>`
    await put(join(contents, 'Info.plist'), plist('Electron'))
    await put(join(contents, 'MacOS', 'Electron'), 'x', 0o755)
    await put(join(contents, 'Frameworks', 'Electron Framework.framework', 'Electron Framework'), WIRE)
    await mkdir(join(contents, 'Resources'))
    for (const kind of ['', ' (GPU)', ' (Plugin)', ' (Renderer)']) {
      const helper = `Electron Helper${kind}`
      await put(join(contents, 'Frameworks', `${helper}.app`, 'Contents', 'Info.plist'), plist(helper))
      await put(join(contents, 'Frameworks', `${helper}.app`, 'Contents', 'MacOS', helper), 'x', 0o755)
    }
    await pack('mac', dist, ['-c.mac.identity=null', '-c.mac.notarize=false'])
    const app = join(folder, 'out', 'mac', 'Slipstream.app', 'Contents')
    expect(await fusesOf(join(app, 'Frameworks', 'Electron Framework.framework', 'Electron Framework'))).toBe(FUSES)
    const info = await readFile(join(app, 'Info.plist'), 'utf8')
    expect(info).toContain('<string>dev.slipstream.app</string>')
    expect(info).toContain('public.app-category.developer-tools')
    expect(info).toContain(headerHash(join(app, 'Resources', 'app.asar')))
    expect(await readdir(join(app, 'Resources'))).toContain('icon.icns')
  }, 120_000)

test('for Windows: fuses, integrity of the archive, metadata', async () => {
  const dist = join(folder, 'win')
  const { NtExecutable, NtExecutableResource, Resource }: typeof import('resedit') = load('resedit')
  const empty = NtExecutable.createEmpty(false, false)
  const resources = NtExecutableResource.from(empty)
  const version = Resource.VersionInfo.createEmpty()
  version.setStringValues({ lang: 1033, codepage: 1200 }, { ProductName: 'Electron', OriginalFilename: 'electron.exe' })
  version.outputToResourceEntries(resources.entries)
  resources.outputResource(empty)
  empty.setExtraData(Uint8Array.from(WIRE).buffer)
  await put(join(dist, 'electron.exe'), Buffer.from(empty.generate()))
  await mkdir(join(dist, 'resources'))
  await pack('win', dist)
  const file = join(folder, 'out', 'win-unpacked', 'Slipstream.exe')
  expect(await fusesOf(file)).toBe(FUSES)
  const program = NtExecutable.from(await readFile(file), { ignoreCert: true })
  const { entries } = NtExecutableResource.from(program)
  const integrity = entries.find(({ type }) => String(type).toUpperCase() === 'INTEGRITY')
  const archive = join(folder, 'out', 'win-unpacked', 'resources', 'app.asar')
  expect(Buffer.from(integrity?.bin ?? new ArrayBuffer(0)).toString()).toContain(headerHash(archive))
}, 120_000)
