// Paints all icons from renderer/favicon.svg in a real Chromium: `node test/e2e/icons.ts`, whenever that file has changed.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { startBrowser } from './app.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const ICONS = join(ROOT, 'main', 'shell', 'icons')
const LINUX_SIZES = [16, 32, 48, 64, 128, 256, 512]
const ICO_SIZES = [16, 24, 32, 48, 64, 128, 256]
/** Apple's type codes for PNG data of each size; see "Apple Icon Image format". */
const ICNS_TYPES = [
  ['icp4', 16],
  ['icp5', 32],
  ['ic07', 128],
  ['ic08', 256],
  ['ic09', 512],
  ['ic10', 1024],
] as const
/** What the tray adds to the icon: a mark in the corner, by colour and by shape. */
const MARKS = {
  idle: '',
  streaming: '<path fill="COLOUR" d="M20 18l10 6-10 6z"/>',
  review: '<circle cx="25" cy="25" r="6" fill="COLOUR"/>',
  paused: '<path fill="COLOUR" d="M19 19h4v11h-4zM26 19h4v11h-4z"/>',
  offline: '<path stroke="COLOUR" stroke-width="3" d="M20 20l10 10M30 20l-10 10"/>',
} as const
const COLOURS = { idle: '', streaming: '#7ee2a0', review: '#ffc857', paused: '#dfe9f5', offline: '#ff7b72' } as const

const svg = await readFile(join(ROOT, 'renderer', 'favicon.svg'), 'utf8')
const browser = await startBrowser()
const page = await browser.newPage()
await mkdir(join(ICONS, 'linux'), { recursive: true })
for (const size of LINUX_SIZES) await save(join('linux', `${size}x${size}.png`), await paint(page, svg, size))
await save('icon-256.png', await paint(page, svg, 256))
await save('icon.ico', ico(await all(ICO_SIZES)))
await save('icon.icns', icns(await all(ICNS_TYPES.map(([, size]) => size))))
for (const [state, mark] of Object.entries(MARKS)) {
  const colour = new Map<string, string>(Object.entries(COLOURS)).get(state) ?? ''
  const marked = withMark(svg, mark.replaceAll('COLOUR', colour))
  const template = withMark(outline(svg), mark.replaceAll('COLOUR', '#000'))
  await save(`tray-${state}.png`, await paint(page, marked, 16))
  await save(`tray-${state}@2x.png`, await paint(page, marked, 32))
  await save(`tray-${state}-Template.png`, await paint(page, template, 16))
  await save(`tray-${state}-Template@2x.png`, await paint(page, template, 32))
}
await browser.close()

function save(name: string, bytes: Buffer): Promise<void> {
  return writeFile(join(ICONS, name), bytes)
}

async function paint(page: Page, picture: string, size: number): Promise<Buffer> {
  await page.setViewportSize({ width: size, height: size })
  const sized = picture.replace('<svg ', `<svg width="${size}" height="${size}" `)
  await page.setContent(`<style>html,body{margin:0}svg{display:block}</style>${sized}`)
  return page.screenshot({ omitBackground: true, clip: { x: 0, y: 0, width: size, height: size } })
}

function all(sizes: readonly number[]): Promise<{ size: number; bytes: Buffer }[]> {
  return sizes.reduce<Promise<{ size: number; bytes: Buffer }[]>>(async (before, size) => {
    const painted = await before
    return [...painted, { size, bytes: await paint(page, svg, size) }]
  }, Promise.resolve([]))
}

/** A transparent ring around the mark keeps it apart from the lines behind it. */
function withMark(picture: string, mark: string): string {
  if (mark === '') return picture
  const hole =
    '<mask id="hole"><path fill="#fff" d="M0 0h32v32H0z"/><path fill="#000" d="M16 16h16v16H16z"/></mask><g mask="url(#hole)">'
  return picture.replace(/(<svg[^>]*>)(.*)(<\/svg>)/s, `$1${hole}$2</g>${mark}$3`)
}

/** Black lines on nothing: macOS paints them in the colour of its bar. */
function outline(picture: string): string {
  return picture.replace(/<rect[^>]*\/>/, '').replaceAll(/stroke="#[\da-f]+"/g, 'stroke="#000"')
}

/** A Windows icon of PNG images: header, one entry of 16 bytes each, data. */
function ico(images: readonly { readonly size: number; readonly bytes: Buffer }[]): Buffer {
  const head = Buffer.alloc(6 + 16 * images.length)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(images.length, 4)
  let offset = head.length
  for (const [index, { size, bytes }] of images.entries()) {
    const entry = 6 + 16 * index
    // 0 stands for 256.
    head.writeUInt8(size % 256, entry)
    head.writeUInt8(size % 256, entry + 1)
    head.writeUInt16LE(1, entry + 4)
    head.writeUInt16LE(32, entry + 6)
    head.writeUInt32LE(bytes.length, entry + 8)
    head.writeUInt32LE(offset, entry + 12)
    offset += bytes.length
  }
  return Buffer.concat([head, ...images.map(({ bytes }) => bytes)])
}

/** An Apple icon: `icns`, length, then type, length and PNG data of each. */
function icns(images: readonly { readonly size: number; readonly bytes: Buffer }[]): Buffer {
  const parts = images.map(({ size, bytes }) => {
    const head = Buffer.alloc(8)
    head.write(ICNS_TYPES.find(([, of]) => of === size)?.[0] ?? '', 0, 'latin1')
    head.writeUInt32BE(bytes.length + 8, 4)
    return Buffer.concat([head, bytes])
  })
  const head = Buffer.alloc(8)
  head.write('icns', 0, 'latin1')
  head.writeUInt32BE(
    parts.reduce((sum, part) => sum + part.length, 8),
    4,
  )
  return Buffer.concat([head, ...parts])
}
