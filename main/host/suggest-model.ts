// `slipstream suggest` answered by a model: the window's own context, prompt, parser and locator around one request a change.
import type { Result } from '../../preload/contract.ts'
import { createFiles } from '../adapters/files/files.ts'
import { createModels } from '../adapters/model/choose.ts'
import { DEFAULT_SETTINGS, resolveSettings } from '../adapters/settings.ts'
import { createClock, createHash } from '../adapters/system.ts'
import { gatherContext } from '../core/context.ts'
import { createReplyParser, type ParsedHunk } from '../core/edits/parser.ts'
import { shortExplanation } from '../core/explanation.ts'
import { emptyHistory, recentDiffs, record, type History } from '../core/history.ts'
import { applyEdits, type LineEdit } from '../core/patch.ts'
import type { Log, Models, Work } from '../core/ports.ts'
import { composePrompt } from '../core/prompt.ts'
import { createRedactor, hunkKeepsSecrets, remnantsIn, type Redactor } from '../core/redact.ts'
import { regionsOf, type Region } from '../core/region.ts'
import { placeHunk } from '../core/reply.ts'
import { linesOf } from '../core/text.ts'
import type { Console } from './console.ts'
import type { ProviderOptions } from './options.ts'
import {
  failed,
  localSuggester,
  type ChosenSuggester,
  type SuggestInput,
  type SuggestOutput,
  type Suggester,
} from './suggest.ts'

const MAX_OUTPUT_TOKENS = 4_096
const MAX_FILE_BYTES = 1_000_000
/** ms between the steps of a history that says no times: more than the pause within which edits are one. */
const STEP = 60_000

/** Nothing of this is kept: a command that is run for its output has no data folder. */
const silent: Log = { info() {}, error() {} }

/** Where the embedded engine answers no Models port is asked, so there is no work for a worker. */
const noWork: Work = { run: () => Promise.reject(new Error('the embedded engine is not asked through here')) }

/**
 * Only the command line and the environment count, not the window's settings: the same words give the same answer
 * anywhere. Failures: `consent`, and the endpoint's own.
 */
export async function chooseModelSuggester(
  options: ProviderOptions,
  console: Console,
  signal: AbortSignal,
): Promise<Result<ChosenSuggester>> {
  const { settings, explicitProvider } = resolveSettings(DEFAULT_SETTINGS, options, console.environment)
  const learnt = new Map<string, string>()
  const models = createModels({
    settings,
    explicitProvider,
    environment: console.environment,
    consents: { has: () => false, grant() {} },
    memory: { get: (key) => learnt.get(key), set: (key, value) => void learnt.set(key, value) },
    work: noWork,
    clock: createClock(),
    log: silent,
  })
  await chosen(models, signal)
  const { kind, state, endpoint, message } = models.state()
  if (kind === 'local') {
    models.close()
    return { ok: true, value: await localSuggester() }
  }
  if (state === 'ready')
    return { ok: true, value: { suggest: createModelSuggester(models), close: () => models.close() } }
  models.close()
  const consent = `Sending changes to ${endpoint} needs your consent: say so with --provider ${kind}.`
  return {
    ok: false,
    failure: { code: state, message: state === 'consent' ? consent : (message ?? 'Nobody can answer.') },
  }
}

/** Resolves when it is known who answers. */
function chosen(models: Models, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (models.state().state === 'choosing' && !signal.aborted) return
      stop()
      signal.removeEventListener('abort', look)
      resolve()
    }
    const stop = models.subscribe(look)
    signal.addEventListener('abort', look)
    look()
  })
}

/** One request a change, about its largest region; the others are in the recent edits that the model sees. */
export function createModelSuggester(models: Pick<Models, 'stream'>): Suggester {
  return async (input, signal) => {
    const region = largest(regionsOf(input).regions)
    if (region === null) return { hunks: [], explanation: '' }
    const context = gatherContext({
      path: input.path,
      text: input.after,
      region,
      diffs: recentDiffs(historyOf(input)),
      words: null,
      marker: null,
      related: [],
    })
    if (!context.ok) return failed(context.failure.message)
    const redactor = createRedactor()
    const request = {
      lane: 'fast' as const,
      prompt: composePrompt(context.value, 'fast', redactor, createHash().text(input.root ?? '')),
      maxOutputTokens: MAX_OUTPUT_TOKENS,
      change: { path: input.path, before: input.before, after: input.after, history: input.history },
    }
    let reply = ''
    let cut = false
    for await (const event of models.stream(request, signal)) {
      if (event.type === 'failed') return failed(event.failure.message)
      if (event.type === 'text') reply += event.text
      if (event.type === 'done') cut = event.finish === 'length'
    }
    return outputOf(reply, { input, region, redactor, cut }, signal)
  }
}

function largest(regions: readonly Region[]): Region | null {
  const size = (region: Region): number => region.changedEnd - region.changedStart
  return regions.toSorted((one, other) => size(other) - size(one))[0] ?? null
}

function historyOf(input: SuggestInput): History {
  return [...input.history, input].reduce((history, step, index) => record(history, step, index * STEP), emptyHistory())
}

interface Asked {
  readonly input: SuggestInput
  readonly region: Region
  readonly redactor: Redactor
  /** The reply was cut at the output cap. */
  readonly cut: boolean
}

/** Places the reply's hunks; those without a clear place, or that touch a secret, are left out. */
async function outputOf(reply: string, asked: Asked, signal: AbortSignal): Promise<SuggestOutput> {
  const { input, region, redactor, cut } = asked
  const parser = createReplyParser()
  const prose: string[] = []
  const hunks: SuggestOutput['hunks'][number][] = []
  /** Per section: the line after its last placed hunk. */
  const after = new Map<number, number>()
  for (const event of [...parser.push(reply), ...parser.end({ cut })]) {
    if (event.type === 'explanation') prose.push(redactor.restore(event.line))
    if (event.type !== 'hunk' || event.hunk.kind !== 'update' || !keepsSecrets(event.hunk)) continue
    const { section } = event.hunk
    const path = redactor.restore(event.hunk.path)
    const text = await textOf(path, input, signal)
    if (text === null) continue
    const near = path === input.path ? region : null
    const hints = { near, after: after.get(section) ?? null }
    const placed = placeHunk(linesOf(text), restored(event.hunk, redactor), hints)
    if (!placed.ok) continue
    // What stands for nothing is never given out as if it were text.
    const lines = placed.edits.flatMap((edit) => edit.lines)
    if (remnantsIn(lines.join('\n')).some((remnant) => !text.includes(remnant))) continue
    after.set(section, placed.located.end)
    for (const edit of placed.edits) hunks.push({ path, start: edit.start, end: edit.end, lines: rawLines(text, edit) })
  }
  return { hunks, explanation: shortExplanation(prose).short }
}

function keepsSecrets({ lines }: ParsedHunk): boolean {
  const texts = (kind: '-' | '+'): string[] => lines.filter((line) => line.kind === kind).map(({ text }) => text)
  return hunkKeepsSecrets(texts('-'), texts('+'))
}

function restored(hunk: ParsedHunk, redactor: Redactor): ParsedHunk {
  return {
    ...hunk,
    anchors: hunk.anchors.map((anchor) => redactor.restore(anchor)),
    lines: hunk.lines.map((line) => ({ ...line, text: redactor.restore(line.text) })),
  }
}

/** What is known of a file: the change, the history, and, where there is a root, the disk. */
async function textOf(path: string, input: SuggestInput, signal: AbortSignal): Promise<string | null> {
  if (path === input.path) return input.after
  const known = input.history.findLast((step) => step.path === path)
  if (known !== undefined) return known.after
  if (input.root === null) return null
  const files = createFiles(input.root, { maxBytes: () => MAX_FILE_BYTES })
  const outcome = await files.read(path, { formerSize: null }, signal)
  return outcome.kind === 'text' ? outcome.text : null
}

/** The edit's lines split at `\n` only, so with the `\r` that they get in a file of such lines. */
function rawLines(text: string, edit: LineEdit): readonly string[] {
  return applyEdits(text, [edit])
    .split('\n')
    .slice(edit.start - 1, edit.start - 1 + edit.lines.length)
}
