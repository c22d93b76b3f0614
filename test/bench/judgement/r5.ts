// R5: secrets planted in realistic files, brought into requests in every way there is; and how much ordinary code is taken for one.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createRedactor } from '../../../main/core/redact.ts'
import type { World } from '../../fakes/world.ts'
import { createWorld } from '../../fakes/world.ts'
import { PLANTED_FILES, type PlantedFile } from '../../fixtures/secret-files.ts'
import { HARMLESS, PLANTED } from '../../fixtures/secrets.ts'
import type { Judgement } from './judgement.ts'

export interface SecretsMeasured {
  /** Secrets times ways. */
  readonly cases: number
  /** "compose.yaml: redis password, by a nudge". */
  readonly leaked: readonly string[]
  /** Requests that were looked through. */
  readonly requests: number
}

const OTHER = `export function mean(items) {
  const sum = total(items)
  return sum / items.length
}
`

/** How a secret may come into a request. */
export const WAYS = [
  'a save',
  'words',
  'a nudge',
  'a reply',
  'thinking deeper',
  'deleted lines',
  'another edit',
] as const

/** Every known kind by itself, in a file of its own. */
function kinds(): readonly PlantedFile[] {
  return PLANTED.map(({ name, text, secret }) => {
    const line = text.split('\n').findIndex((each) => each.includes(secret)) + 1
    const body = `${text}\n\n// nothing else\nconst other = 1\n`
    return { path: 'src/kinds.txt', text: body, secrets: [{ name, value: secret, line: Math.max(1, line) }] }
  })
}

export async function measureSecrets(
  files: readonly PlantedFile[] = [...PLANTED_FILES, ...kinds()],
): Promise<SecretsMeasured> {
  const leaked: string[] = []
  let requests = 0
  let cases = 0
  for (const file of files) {
    cases += file.secrets.length * WAYS.length
    for (const [way, sent] of await conversation(file)) {
      requests += sent.length
      if (sent.length === 0) leaked.push(`${file.path}: nothing was asked by ${way}`)
      for (const { name, value } of file.secrets) {
        if (sent.some((text) => text.includes(value))) leaked.push(`${name}, by ${way}`)
      }
    }
  }
  return { cases, leaked, requests }
}

/** How much of texts without any secret is replaced: "lock file: 1 of 1,204 characters" for each that is touched. */
export function measureHarmless(texts: readonly { readonly name: string; readonly text: string }[]): readonly string[] {
  return texts.flatMap(({ name, text }) => {
    const withheld = createRedactor()
    withheld.redact(text)
    return withheld.withheld().map(({ kind, count }) => `${name}: ${count} taken for a ${kind}`)
  })
}

/** Everything that was sent, by the way it came about. */
async function conversation(file: PlantedFile): Promise<ReadonlyMap<(typeof WAYS)[number], readonly string[]>> {
  const world = await createWorld({ contents: { [file.path]: file.text, 'other.js': OTHER } })
  const sent = new Map<(typeof WAYS)[number], readonly string[]>()
  let seen = 0
  const note = async (way: (typeof WAYS)[number]): Promise<void> => {
    const fresh = world.models.replies.slice(seen)
    seen = world.models.replies.length
    sent.set(way, [...(sent.get(way) ?? []), ...fresh.map(({ request }) => textOf(request.prompt))])
    for (const reply of fresh) reply.finish()
    await new Promise((resolve) => setImmediate(resolve))
  }
  const lines = file.text.split('\n')
  const save = async (path: string, text: string): Promise<void> => {
    // Saves in quick succession would be waited out.
    await world.clock.advance(10_000)
    await world.save(path, text)
  }
  for (const line of new Set(file.secrets.map((secret) => secret.line))) {
    await save(file.path, lines.toSpliced(line, 0, 'touched_line_of_the_person').join('\n'))
    await note('a save')
    await save(file.path, file.text)
    await note('a save')
  }
  for (const { line } of file.secrets) {
    const place = `${file.path}:${line}`
    const said = lines[line - 1] ?? ''
    const asked = await world.session.ask({ text: `why is there ${said}`, place })
    if (!asked.ok) throw new Error(asked.failure.message)
    world.models.replies.at(-1)?.text(`It says ${said} here.\n`)
    await note('words')
    const { suggestion } = asked.value
    const state = (await world.suggestions()).find(({ id }) => id === suggestion)?.state
    if (state === 'empty') await askAgain(world, place)
    const id = (await world.suggestions())[0]?.id ?? suggestion
    await world.session.nudge({ suggestion: id, text: `not ${said}` })
    await settled()
    await note('a nudge')
    // Its request holds what the model had said.
    sent.set('a reply', sent.get('a nudge') ?? [])
    await world.session.deeper({ suggestion: id })
    await settled()
    await note('thinking deeper')
  }
  const without = file.secrets.map(({ line }) => line - 1)
  await save(file.path, lines.filter((_, index) => !without.includes(index)).join('\n'))
  await note('deleted lines')
  await save('other.js', OTHER.replace('total(items)', 'totalOf(items)'))
  await note('another edit')
  await world.session.close()
  return sent
}

/** A card that can be nudged: one whose reply is still running. */
async function askAgain(world: World, place: string): Promise<void> {
  await world.session.ask({ text: 'once more', place })
  world.models.replies.at(-1)?.text('Well.\n')
  await settled()
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
  await new Promise((resolve) => setImmediate(resolve))
}

/** As it stands in the bytes, and as people read it: what is escaped must not hide anything. */
function textOf(prompt: unknown): string {
  const strings: string[] = []
  const collect = (value: unknown): void => {
    if (typeof value === 'string') strings.push(value)
    else if (Array.isArray(value)) value.forEach(collect)
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect)
  }
  collect(prompt)
  return `${JSON.stringify(prompt)}\n${strings.join('\n')}`
}

/** The project's own sources: ordinary code, without a secret in it. */
function ownSources(): readonly { readonly name: string; readonly text: string }[] {
  const root = new URL('../../../', import.meta.url)
  return ['main', 'renderer', 'preload'].flatMap((folder) =>
    readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:tsx?|mjs|css)$/.test(name))
      .map((name) => ({
        name: `${folder}/${name}`,
        text: readFileSync(fileURLToPath(new URL(`${folder}/${name}`, root)), 'utf8'),
      })),
  )
}

export const r5: Judgement = {
  id: 'R5',
  what: 'planted secrets in any request',
  async run() {
    const { cases, leaked, requests } = await measureSecrets()
    const wrong = measureHarmless(HARMLESS)
    const sources = ownSources()
    const kilobytes = Math.round(sources.reduce((sum, { text }) => sum + text.length, 0) / 1024)
    const own = measureHarmless(sources)
    return {
      checks: [
        { what: `in any request, of ${cases} (0)`, value: String(leaked.length), met: leaked.length === 0 },
        {
          what: `harmless texts taken for a secret, of ${HARMLESS.length} (0)`,
          value: String(wrong.length),
          met: wrong.length === 0,
        },
      ],
      notes: [
        `${requests} requests looked through`,
        `in ${kilobytes} KB of ordinary code (this project's own): ${own.length} texts taken for a secret`,
        ...[...leaked, ...wrong, ...own].slice(0, 12),
      ],
    }
  },
}
