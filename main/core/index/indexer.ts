// Keeps the project's index up to date in the background, and answers from it.
import { examplesOf, isRepeatedAcross, isWorthSaying, signsAcross, type AcrossSigns } from './across.ts'
import type { Excerpt } from '../context.ts'
import { proposeInFile } from '../echo/echo.ts'
import type { PlacedEdit } from '../patch.ts'
import type { Edited, Rejected, TextChange } from '../ports.ts'
import { isSecretPath } from '../redact.ts'
import type { Occurrences, Target } from '../syntax/occurrences.ts'
import type { Focus } from './focus.ts'
import { declaredIn, hashOfName, namesIn, wordsIn } from './names.ts'
import { ProjectIndex } from './project-index.ts'
import { rejectedOf, withoutTurnedDown } from './rejected-rename.ts'
import { relatedTo } from './related.ts'
import { renameIn, renameOf, type Ask, type Rename } from './rename.ts'

/** What it needs of the thread on which it runs. */
export interface IndexerPorts {
  /** The file's text as it stands; null: there is none, or it may not be read. */
  read(path: string): Promise<string | null>
  occurrences(path: string, text: string, target: Target): Promise<Occurrences | null>
  /** Monotonic ms. */
  now(): number
  /** Lets everything else on the thread run first, and rests. */
  pause(): Promise<void>
}

/** Edits of one other file, made from the text given here. */
export interface FileEdits {
  readonly path: string
  readonly text: string
  readonly edits: readonly PlacedEdit[]
  /** Places of a renaming in its strings and comments: to be offered apart. */
  readonly texts: readonly PlacedEdit[]
}

/** The same edit elsewhere. */
export interface Elsewhere {
  /** A name was changed: where else in the file itself it means the same thing; null when the change is no renaming. */
  readonly rename: {
    readonly from: string
    readonly to: string
    readonly edits: readonly PlacedEdit[]
    /** As in `FileEdits`. */
    readonly texts: readonly PlacedEdit[]
  } | null
  readonly files: readonly FileEdits[]
}

/** ms of background work at a stretch. */
const STRETCH_MS = 4
/** ms within which the related places of a request are gathered. */
const RELATED_MS = 10
/** Bounds of looking for places in other files. */
const ECHO_FILES = 200
const ECHO_MS = 300
/** Places that declare a name. */
const MOST_DECLARING = 20
/** Files in which something is proposed, and UTF-16 units of a file that is looked at. */
const MOST_FILES = 20
/** More places for one edit are a property of the project. */
const MOST_PLACES = 400
/** Earlier steps that are learnt from: of other files, and of the file itself; and those that are kept for it. */
const STEPS_ELSEWHERE = 4
const STEPS_HERE = 4
const KEPT_STEPS = 12
const MOST_UNITS = 128 * 1024
/** Texts that were read a moment ago. */
const KEPT_TEXTS = 32
const KEPT_UNITS = 64 * 1024

/** Whether a place in another file is worth saying. */
export type JudgeAcross = (signs: AcrossSigns, edit: PlacedEdit) => boolean

export class Indexer {
  readonly index: ProjectIndex
  private readonly ports: IndexerPorts
  private readonly backlog = new Set<string>()
  private readonly texts = new Map<string, string>()
  private working: Promise<void> | null = null
  /** What the last changes taught, oldest first: an edit that was made in two files is made in a third. */
  private taught: readonly TextChange[] = []

  private readonly judge: JudgeAcross

  /** `judge`: for evaluation. */
  constructor(ports: IndexerPorts, index = new ProjectIndex(), judge: JudgeAcross = isWorthSaying) {
    this.ports = ports
    this.index = index
    this.judge = judge
  }

  /** Files that the project has. They are read when there is time, as many as there is room for. */
  seen(paths: readonly string[]): void {
    for (const path of paths) {
      if (this.backlog.size >= this.index.room) break
      if (!this.index.has(path)) this.backlog.add(path)
    }
    this.begin()
  }

  /** Files that are not what they were; `edited`: by the person. */
  changed(paths: readonly string[], edited: boolean): void {
    for (const path of paths) {
      this.texts.delete(path)
      if (edited) this.index.edited(path)
      // In front: what was edited is asked about next.
      this.backlog.delete(path)
      this.backlog.add(path)
    }
    this.begin()
  }

  /** Resolves when all that is known of has been read. */
  async settled(): Promise<void> {
    while (this.working !== null) await this.working
  }

  private begin(): void {
    this.working ??= this.work().finally(() => {
      this.working = null
      if (this.backlog.size > 0) this.begin()
    })
  }

  private async work(): Promise<void> {
    let until = this.ports.now() + STRETCH_MS
    for (const path of this.backlog) {
      this.backlog.delete(path)
      await this.take(path)
      if (this.ports.now() < until) continue
      await this.ports.pause()
      until = this.ports.now() + STRETCH_MS
    }
  }

  private async take(path: string): Promise<void> {
    if (isSecretPath(path) !== null || !this.index.wants(path)) return
    // Whatever kept it from being read is told when somebody asks for the file itself.
    const text = await this.ports.read(path).catch(() => null)
    if (text === null) {
      this.index.delete(path)
      return
    }
    const declared = declaredIn(text).map(({ name, line }) => ({ hash: hashOfName(name), line }))
    this.index.set(path, { names: namesIn(text), declared })
  }

  /** Places that help with a request about the focus; see `relatedTo`. Takes at most some 10 ms. */
  related(focus: Focus): Promise<readonly Excerpt[]> {
    const until = this.ports.now() + RELATED_MS
    return relatedTo(focus, {
      index: this.index,
      read: (path) => this.text(path),
      hasTime: () => this.ports.now() < until,
    })
  }

  /**
   * What the change taught, applied to other files: those that share the names of what was replaced, the last edited and the
   * most alike first, 200 of them within 300 ms. A renaming goes by scopes where there are rules for the language.
   */
  async elsewhere(change: Edited): Promise<Elsewhere> {
    const until = this.ports.now() + ECHO_MS
    const ask = (path: string, text: string, target: Target): Promise<Occurrences | null> =>
      this.ports.occurrences(path, text, target)
    const rename = await renameOf(change, ask)
    const others = rename === null ? [] : this.declaring(rename.from).filter((path) => path !== change.path)
    // Of two members of a name, who knows which one a place means.
    if (rename === null || (rename.kind === 'member' && others.length > 0)) {
      return { rename: null, files: await this.echoes(change, until) }
    }
    return this.renamed(rename, others, rejectedOf(change.rejected ?? [], rename), until, ask)
  }

  /** Files that seem to declare the name. */
  private declaring(name: string): readonly string[] {
    return this.index.declarations([hashOfName(name)], MOST_DECLARING).map(({ path }) => path)
  }

  /** `others`: files that declare the name, too. `rejected`: what was turned down of this renaming. More of that than is left: it is not meant to go any further. */
  private async renamed(
    rename: Rename,
    others: readonly string[],
    rejected: readonly Rejected[],
    until: number,
    ask: Ask,
  ): Promise<Elsewhere> {
    const { from, to } = rename
    const kept = ({ edits, texts }: Pick<Rename, 'edits' | 'texts'>): Pick<Rename, 'edits' | 'texts'> => ({
      edits: withoutTurnedDown(edits, rejected),
      texts: withoutTurnedDown(texts, rejected),
    })
    const files: FileEdits[] = []
    if (rename.isVisible) {
      for await (const { path, text } of this.holders([from], rename.path, until)) {
        const found = kept(await renameIn(rename, path, text, ask, others))
        if (found.edits.length > 0) files.push({ path, text, ...found })
        if (files.length >= MOST_FILES) break
      }
    }
    const own = kept(rename)
    const left = files.reduce((sum, { edits }) => sum + edits.length, own.edits.length)
    if (rejected.length > left) return { rename: { from, to, edits: [], texts: [] }, files: [] }
    return { rename: { from, to, ...own }, files }
  }

  private async echoes(change: Edited, until: number): Promise<readonly FileEdits[]> {
    const { replaced, ...step } = cutOut(change)
    const others = this.taught.filter(({ path }) => path !== change.path).slice(-STEPS_ELSEWHERE)
    const history = [...others, ...change.history.slice(-STEPS_HERE).map(cutOut)]
    this.taught = [...this.taught, step].slice(-KEPT_STEPS)
    const examples = examplesOf([...history, step])
    if (!isRepeatedAcross(examples)) return []
    const lesson = { ...change, ...step, history }
    const found: FileEdits[] = []
    let places = 0
    for await (const { path, text } of this.holders(wordsIn(replaced, 12), change.path, until)) {
      const { edits } = proposeInFile(lesson, { path, text })
      places += edits.length
      if (edits.length > 0) found.push({ path, text, edits, texts: [] })
    }
    if (places > MOST_PLACES) return []
    const edited = [change.after]
    for (const path of new Set(others.map((each) => each.path))) {
      const text = await this.text(path)
      if (text !== null) edited.push(text)
    }
    const files = found.flatMap((file): FileEdits[] => {
      const facts = { examples, edited, beside: file.edits, index: this.index }
      const likely = file.edits.filter((edit) => this.judge(signsAcross(edit, file.text, facts), edit))
      return likely.length === 0 ? [] : [{ ...file, edits: likely }]
    })
    return files.slice(0, MOST_FILES)
  }

  /** Other files that share the names, the last edited and the most alike first, as long as there is time. */
  private async *holders(
    names: readonly string[],
    own: string,
    until: number,
  ): AsyncGenerator<{ readonly path: string; readonly text: string }> {
    const holders = this.index
      .sharing(names.map(hashOfName), ECHO_FILES)
      .toSorted((a, b) => b.edited - a.edited || b.weight - a.weight)
    for (const { path } of holders) {
      if (path === own) continue
      if (this.ports.now() > until) break
      const text = await this.text(path)
      if (text === null || text.length > MOST_UNITS) continue
      yield { path, text }
      await this.ports.pause()
    }
  }

  private async text(path: string): Promise<string | null> {
    const known = this.texts.get(path)
    if (known !== undefined) return known
    if (isSecretPath(path) !== null) return null
    const text = await this.ports.read(path)
    if (text !== null && text.length <= KEPT_UNITS) {
      this.texts.set(path, text)
      const [oldest] = this.texts.keys()
      if (this.texts.size > KEPT_TEXTS && oldest !== undefined) this.texts.delete(oldest)
    }
    return text
  }
}

/** UTF-16 units of what stands around a change that are kept for what it teaches other files. */
const TAUGHT = 4_000

interface Cut extends TextChange {
  /** The lines of the text before that were replaced: from the first to the last that differs. */
  readonly replaced: string
}

/** The change with so much of its surroundings as other files can learn from: each of them costs a comparison of these texts. */
function cutOut({ path, before, after }: TextChange): Cut {
  const most = Math.min(before.length, after.length)
  let head = 0
  while (head < most && before.charCodeAt(head) === after.charCodeAt(head)) head += 1
  let tail = 0
  const last = before.length - 1
  while (tail < most - head && before.charCodeAt(last - tail) === after.charCodeAt(after.length - 1 - tail)) tail += 1
  const line = (at: number): number => (at <= 0 ? 0 : before.lastIndexOf('\n', at - 1) + 1)
  const lineEnd = (at: number): number => {
    const newline = before.indexOf('\n', at)
    return newline < 0 ? before.length : newline + 1
  }
  const start = line(head - TAUGHT)
  const rest = before.length - lineEnd(before.length - tail + TAUGHT)
  return {
    path,
    before: before.slice(start, before.length - rest),
    after: after.slice(start, after.length - rest),
    replaced: before.slice(line(head), lineEnd(before.length - tail)),
  }
}
