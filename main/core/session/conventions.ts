// The team's conventions in this project: read from files, counted, learnt from decisions; proposed to the person, and kept in a file once approved.
import type { ConventionsView, ConventionView, Result } from '../../../preload/contract.ts'
import type { Agreed } from '../context.ts'
import { approvedRules, CONVENTIONS_FILE, evidenceOf, withoutRule, withRule } from '../conventions/approved.ts'
import type { ApprovedRule } from '../conventions/approved.ts'
import { languageOf } from '../conventions/language.ts'
import { learn, type Decision, type LearntRule } from '../conventions/learn.ts'
import { figuresOf, Observations, said, type MinedConvention } from '../conventions/mined.ts'
import { stylesFor, toldFor, type Known } from '../conventions/known.ts'
import type { StyleSource } from '../conventions/style.ts'
import { proseOf, settingsOf, writtenKind } from '../conventions/written.ts'
import type { Ports, SeenFile, StoreOperation } from '../ports.ts'
import { isSecretPath } from '../redact.ts'
import { refuse } from './refuse.ts'

export interface ConventionsEvents {
  /** What `view` or `proposed` says is another thing now. */
  changed(): void
  /** `rules` holds others now. */
  ruled(): void
  /** Writes the file of approved rules, as any accepted change; `after` gets what stands there, null for no file. */
  write(path: string, after: (text: string | null) => string | null): Promise<Result<null>>
}

/** Files that are counted: those touched last, as habits change. */
const SAMPLE = 400
/** Files of conventions that are read at most, and UTF-16 units of each. */
const MOST_WRITTEN = 200
const LONGEST_WRITTEN = 24_000
/** Decisions that are learnt from; the oldest are forgotten. */
const KEEP = 400
/** A changed file is counted again once its saves have come to rest, in ms. */
const COUNT_AFTER_MS = 2_000
const DECISION = 'decision/'
const DROPPED = 'dropped-rule/'

interface Remembered {
  readonly key: string
  readonly decision: Decision
}

export class Conventions {
  private readonly ports: Ports
  private readonly events: ConventionsEvents
  private readonly signal: AbortSignal
  private readonly observations = new Observations()
  /** Texts of the files in which conventions are written down, by path. */
  private readonly written = new Map<string, string>()
  private seenFiles: SeenFile[] = []
  private remembered: Remembered[] = []
  private order = 0
  private readonly dropped = new Set<string>()
  private approved: readonly ApprovedRule[] = []
  private mined: readonly MinedConvention[] = []
  private learnt: readonly LearntRule[] = []
  private stale = false
  /** What changed files hold now, until they are counted again; null: they are gone. */
  private readonly uncounted = new Map<string, string | null>()
  private stopCounting: () => void = () => undefined

  constructor(ports: Ports, events: ConventionsEvents, signal: AbortSignal) {
    this.ports = ports
    this.events = events
    this.signal = signal
  }

  async load(): Promise<void> {
    for (const [key, value] of await this.ports.store.rows('meta')) {
      if (key.startsWith(DROPPED)) this.dropped.add(key.slice(DROPPED.length))
      else if (key.startsWith(DECISION) && isDecision(value)) this.remembered.push({ key, decision: value })
    }
    this.remembered.sort((a, b) => orderOf(a.key) - orderOf(b.key))
    this.order = Math.max(0, ...this.remembered.map(({ key }) => orderOf(key)))
    this.learn()
  }

  // ── Reading and counting ───────────────────────────────────────────────────────────────────────────────────────────

  /** Files that the first scan found. */
  seen(files: readonly SeenFile[]): void {
    for (const file of files) {
      if (writtenKind(file.path) !== null || languageOf(file.path) !== null) this.seenFiles.push(file)
    }
  }

  /** After the first scan: reads what is written down, then counts a sample of the files, one by one behind everything else. */
  async scan(): Promise<void> {
    const files = this.seenFiles.toSorted((a, b) => b.stat.modifiedMs - a.stat.modifiedMs)
    this.seenFiles = []
    const written = files.filter(({ path }) => writtenKind(path) !== null)
    // Named, because ignore files may keep it from being found.
    await this.look(CONVENTIONS_FILE)
    for (const { path } of written.slice(0, MOST_WRITTEN)) await this.look(path)
    this.events.changed()
    for (const { path } of files.filter((file) => languageOf(file.path) !== null).slice(0, SAMPLE)) {
      if (this.signal.aborted) return
      await this.look(path)
      await this.countAll()
    }
    this.events.changed()
  }

  private async look(path: string): Promise<void> {
    if (isSecretPath(path) !== null) return
    const content = await this.ports.files.read(path, { formerSize: null }, this.signal)
    if (this.signal.aborted || content.kind === 'skipped') return
    await this.content(path, content.kind === 'text' ? content.text : null)
  }

  /** The file's content is this now; null: it is gone. */
  async content(path: string, text: string | null): Promise<void> {
    if (path === CONVENTIONS_FILE) {
      this.approved = text === null ? [] : approvedRules(text)
      this.events.ruled()
      this.events.changed()
      return
    }
    if (writtenKind(path) !== null) {
      if (text === null) this.written.delete(path)
      else this.written.set(path, text.slice(0, LONGEST_WRITTEN))
    }
    if (languageOf(path) === null || isSecretPath(path) !== null) return
    // The question about this very change must not wait behind it.
    this.uncounted.set(path, text)
    this.stopCounting()
    this.stopCounting = this.ports.clock.after(COUNT_AFTER_MS, () => void this.countAll().catch(() => undefined))
  }

  private async countAll(): Promise<void> {
    for (const [path, text] of this.uncounted) {
      this.uncounted.delete(path)
      await this.count(path, text)
    }
  }

  private async count(path: string, text: string | null): Promise<void> {
    const observations = text === null ? [] : await this.ports.work.run('observe', { path, text }, this.signal)
    this.observations.set(path, observations)
    this.stale = true
  }

  close(): void {
    this.stopCounting()
  }

  private conventions(): readonly MinedConvention[] {
    if (this.stale) this.mined = this.observations.conventions()
    this.stale = false
    return this.mined
  }

  // ── Decisions ──────────────────────────────────────────────────────────────────────────────────────────────────────

  /** A person decided something, or said something, that may show a rule. */
  decided(decisions: readonly Decision[]): void {
    if (decisions.length === 0) return
    const operations: StoreOperation[] = []
    for (const decision of decisions) {
      this.order += 1
      const key = `${DECISION}${this.order}`
      this.remembered.push({ key, decision })
      operations.push({ type: 'put', table: 'meta', key, value: decision })
    }
    for (const { key } of this.remembered.splice(0, Math.max(0, this.remembered.length - KEEP)))
      operations.push({ type: 'delete', table: 'meta', key })
    void this.ports.store.commit(operations)
    const before = this.proposed
    this.learn()
    if (this.proposed !== before) this.events.changed()
  }

  private learn(): void {
    this.learnt = learn(this.remembered.map(({ decision }) => decision))
  }

  private get proposals(): readonly LearntRule[] {
    return this.learnt.filter(
      (rule) => !this.dropped.has(rule.key) && !this.approved.some(({ text }) => text === rule.text),
    )
  }

  /** Rules that wait for the person's word. */
  get proposed(): number {
    return this.proposals.length
  }

  /** Approves a proposed rule, in these words or its own, or drops it; an approved one can be dropped too. */
  async decide(key: string, decision: 'approve' | 'drop', words: string | null): Promise<Result<ConventionsView>> {
    const rule = this.proposals.find((each) => each.key === key)
    const standing = this.approved.find((each) => approvedKey(each) === key)
    if (decision === 'approve') {
      if (rule === undefined) return refuse('gone', 'that rule is not proposed any more')
      const text = words === null || words.trim() === '' ? rule.text : words.trim()
      const outcome = await this.events.write(CONVENTIONS_FILE, (present) => withRule(present, text, rule.cases))
      if (!outcome.ok) return outcome
      // In other words it is still the same rule: it is not proposed beside them.
      if (text !== rule.text) this.drop(rule.key)
    } else if (rule !== undefined) this.drop(rule.key)
    else if (standing !== undefined) {
      const outcome = await this.events.write(CONVENTIONS_FILE, (present) =>
        present === null ? null : withoutRule(present, standing.text),
      )
      if (!outcome.ok) return outcome
      const learnt = this.learnt.find(({ text }) => text === standing.text)
      if (learnt !== undefined) this.drop(learnt.key)
    } else return refuse('gone', 'that rule is not there any more')
    await this.look(CONVENTIONS_FILE)
    this.events.changed()
    return { ok: true, value: this.view() }
  }

  private drop(key: string): void {
    this.dropped.add(key)
    void this.ports.store.commit([{ type: 'put', table: 'meta', key: DROPPED + key, value: true }])
  }

  // ── What it is good for ────────────────────────────────────────────────────────────────────────────────────────────

  /** Those that a person has approved; another list after every change. */
  get rules(): readonly ApprovedRule[] {
    return this.approved
  }

  /** See `stylesFor`. */
  stylesFor(path: string): readonly StyleSource[] {
    return stylesFor(path, this.known())
  }

  /** See `toldFor`. */
  toldFor(path: string, units: number): readonly Agreed[] {
    return toldFor(path, units, this.known())
  }

  private known(): Known {
    return { approved: this.approved, written: this.written, mined: this.conventions() }
  }

  view(): ConventionsView {
    const conventions: ConventionView[] = []
    for (const { key, text, cases } of this.proposals)
      conventions.push({ key, kind: 'proposed', text, language: null, evidence: evidenceOf(cases), cases })
    for (const rule of this.approved) {
      const evidence = rule.evidence === '' ? `written in ${CONVENTIONS_FILE}` : rule.evidence
      conventions.push({
        key: approvedKey(rule),
        kind: 'approved',
        text: rule.text,
        language: null,
        evidence,
        cases: [],
      })
    }
    for (const [file, text] of this.written) {
      const words = writtenKind(file) === 'prose' ? null : settingsOf(file, text, exampleFor(file))
      if (words?.length === 0) continue
      conventions.push({
        key: `written\n${file}`,
        kind: 'written',
        text: words === null ? firstLine(text) : words.join(', '),
        language: null,
        evidence: file,
        cases: [],
      })
    }
    for (const convention of this.conventions()) {
      conventions.push({
        key: `mined\n${convention.language}\n${convention.subject}`,
        kind: 'mined',
        text: said(convention),
        language: convention.language,
        evidence: `${figuresOf(convention)}, in ${convention.files} files`,
        cases: [],
      })
    }
    return { conventions, counted: this.observations.files }
  }
}

function approvedKey({ text }: ApprovedRule): string {
  return `approved\n${text}`
}

function firstLine(text: string): string {
  const line =
    proseOf(text)
      .split('\n')
      .find((each) => each.trim() !== '') ?? ''
  return line.replace(/^#+\s*/, '').slice(0, 120)
}

/** A file that the settings would be asked about, so that they can be shown apart from any file. */
function exampleFor(settings: string): string {
  const folder = settings.includes('/') ? settings.slice(0, settings.lastIndexOf('/') + 1) : ''
  const name = settings.slice(folder.length)
  const ending = /pyproject|ruff/.test(name) ? 'py' : /rustfmt/.test(name) ? 'rs' : /clang/.test(name) ? 'c' : 'ts'
  return `${folder}example.${ending}`
}

function orderOf(key: string): number {
  return Number(key.slice(DECISION.length))
}

/** Only the shape that is relied on: a row of another version is left out. */
function isDecision(value: unknown): value is Decision {
  if (typeof value !== 'object' || value === null || !('kind' in value) || !('suggestion' in value)) return false
  switch (value.kind) {
    case 'accepted':
    case 'rejected':
      return (
        'newLines' in value && Array.isArray(value.newLines) && 'oldLines' in value && Array.isArray(value.oldLines)
      )
    case 'edited':
      return 'proposed' in value && Array.isArray(value.proposed) && 'kept' in value && Array.isArray(value.kept)
    case 'nudged':
      return 'words' in value && typeof value.words === 'string'
    default:
      return false
  }
}
