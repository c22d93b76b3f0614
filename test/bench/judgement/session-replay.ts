// Replays the recorded editing session on anything that takes writes, and judges which of them asked and which should have.
import type { EventBatch, SuggestionView, WhenView } from '../../../preload/contract.ts'
import { FILES, STEPS, TOPIC, type Step } from '../../fixtures/judgement/editing-session.ts'

/** Where the session is replayed: a folder with a session that watches it. */
export interface Stage {
  write(path: string, text: string): Promise<void>
  remove(path: string): Promise<void>
  /** Git's own steps. `contents`: what it leaves in the files that it writes. */
  commit(): Promise<void>
  git(words: readonly string[], contents: ReadonlyMap<string, string>): Promise<void>
  /** Lets so many ms go by. */
  wait(ms: number): Promise<void>
  /** ms of the clock that traces use. */
  now(): number
  /** What was asked so far, each once. */
  asked(): readonly Asked[]
  when(): Promise<WhenView>
}

export interface Asked {
  readonly path: string
  /** When the save was seen that it is about. */
  readonly saved: number
}

interface Written {
  readonly what: Step['what']
  readonly path: string
  readonly at: number
  /** Which of the person's settled changes it belongs to; null: to none, so that nothing should be asked. */
  readonly thought: number | null
}

export interface Verdict {
  readonly steps: number
  /** Changes of the person that settled, each of which deserves one question. */
  readonly settled: number
  /** Of these, so many are the rest of a burst of autosaves, whose first save was answered at once. */
  readonly bursts: number
  readonly requests: number
  /** Requests about one settled change, at most. */
  readonly mostForOne: number
  /** Questions that nobody wanted, by what happened: the error of speaking. */
  readonly unwanted: Readonly<Record<string, number>>
  /** Settled changes about which nothing was asked, as `PATH at step N`: the error of silence. */
  readonly missed: readonly string[]
  /** Those that were asked about more than once, likewise. */
  readonly repeated: readonly string[]
  readonly when: WhenView
}

/** Longer than any wait that policy imposes without rejects. */
const LAST_WAIT_MS = 6000

export async function replaySession(stage: Stage): Promise<Verdict> {
  const log: Written[] = []
  const contents = new Map(Object.entries(FILES))
  const branches = { main: new Map(contents), topic: new Map(contents) }
  for (const [path, find, replace] of TOPIC) {
    branches.topic.set(path, replaced(branches.topic.get(path), find, replace, path))
  }
  let branch: 'main' | 'topic' = 'main'
  const histories = new Map<string, { readonly texts: string[]; at: number }>()
  let thought = 0
  let bursts = 0

  const historyOf = (path: string): { readonly texts: string[]; at: number } => {
    const known = histories.get(path) ?? { texts: [contents.get(path) ?? ''], at: 0 }
    histories.set(path, known)
    return known
  }
  async function write(step: Step, path: string, text: string, about: number | null): Promise<void> {
    log.push({ what: step.what, path, at: stage.now(), thought: about })
    contents.set(path, text)
    await stage.write(path, text)
  }
  async function byGit(step: Step, words: readonly string[], wanted: ReadonlyMap<string, string>): Promise<void> {
    const changed = new Map([...wanted].filter(([path, text]) => contents.get(path) !== text))
    for (const [path, text] of changed) {
      log.push({ what: step.what, path, at: stage.now(), thought: null })
      contents.set(path, text)
      histories.delete(path)
    }
    await stage.git(words, changed)
  }

  for (const [index, step] of STEPS.entries()) {
    await stage.wait(step.after)
    switch (step.what) {
      case 'save':
      case 'more':
      case 'tool':
      case 'repeat':
      case 'style': {
        const { path } = step
        const history = historyOf(path)
        const text = replaced(contents.get(path), step.find, step.replace, `step ${index + 1}`)
        // The first save after a quiet while is answered at once; what autosaves add to it settles with their pause.
        if (step.what === 'save' || (step.what === 'more' && STEPS[index - 1]?.what !== 'more')) thought = index + 1
        if (step.what === 'more' && thought === index + 1) bursts += 1
        const about = step.what === 'save' || step.what === 'more' ? thought : null
        history.texts.splice(history.at + 1, Infinity, text)
        history.at += 1
        await write(step, path, text, about)
        break
      }
      case 'undo':
      case 'redo': {
        const history = historyOf(step.path)
        history.at += step.what === 'undo' ? -step.back : step.back
        const text = history.texts[history.at]
        if (text === undefined) throw new Error(`step ${index + 1}: there is nothing to ${step.what}`)
        await write(step, step.path, text, null)
        break
      }
      case 'touch':
        await write(step, step.path, contents.get(step.path) ?? '', null)
        break
      case 'rename': {
        const text = contents.get(step.path) ?? ''
        contents.delete(step.path)
        await stage.remove(step.path)
        await write(step, step.to, text, null)
        break
      }
      case 'commit':
        branches[branch] = new Map(contents)
        await stage.commit()
        break
      case 'discard':
        await byGit(step, ['checkout', '--', '.'], branches[branch])
        break
      case 'checkout':
        branches[branch] = new Map(contents)
        await stage.commit()
        branch = step.branch
        await byGit(step, ['checkout', '-q', branch], branches[branch])
        for (const path of contents.keys()) if (!branches[branch].has(path)) contents.delete(path)
        break
    }
  }
  await stage.wait(LAST_WAIT_MS)
  return judge(log, stage.asked(), bursts, await stage.when())
}

/** Each question is about the last write of its file before the save that it names. */
function judge(log: readonly Written[], asked: readonly Asked[], bursts: number, when: WhenView): Verdict {
  const unwanted: Record<string, number> = {}
  const questions = new Map<number, number>()
  for (const { path, saved } of asked) {
    // Half a millisecond: clocks are read before the write, hints come behind it.
    const about = log.findLast((written) => written.path === path && written.at <= saved + 0.5)
    if (about?.thought === null || about === undefined) {
      const what = about?.what ?? 'nothing at all'
      unwanted[what] = (unwanted[what] ?? 0) + 1
    } else questions.set(about.thought, (questions.get(about.thought) ?? 0) + 1)
  }
  const thoughts = new Map(
    log.flatMap((written) => (written.thought === null ? [] : [[written.thought, written.path]])),
  )
  const named = (wanted: (count: number) => boolean): readonly string[] =>
    [...thoughts].flatMap(([step, path]) => (wanted(questions.get(step) ?? 0) ? [`${path} at step ${step}`] : []))
  return {
    steps: STEPS.length,
    settled: thoughts.size,
    bursts,
    requests: asked.length,
    mostForOne: Math.max(0, ...questions.values()),
    unwanted,
    missed: named((count) => count === 0),
    repeated: named((count) => count > 1),
    when,
  }
}

/** Follows a session's events and remembers each suggestion that a model was asked for. */
export function collectAsked(): { readonly asked: () => readonly Asked[]; take(batch: EventBatch): void } {
  const found = new Map<string, SuggestionView>()
  return {
    take(batch) {
      for (const view of batch.suggestions) if (view.lane === 'fast') found.set(view.id, view)
    },
    asked: () => [...found.values()].map(({ path, trace }) => ({ path, saved: trace.saved ?? 0 })),
  }
}

function replaced(text: string | undefined, find: string, replace: string, where: string): string {
  if (text === undefined || !text.includes(find)) throw new Error(`${where}: ${JSON.stringify(find)} is not there`)
  return text.replace(find, () => replace)
}
