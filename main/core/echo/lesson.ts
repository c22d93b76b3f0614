// What can be learnt from edits: token replacements within a line, and blocks of lines that came, went or were replaced.
import { diffLines } from '../diff.ts'
import { isBlank } from '../indent.ts'
import { otherStyles } from './case-style.ts'
import { blockTemplateOf } from './block-template.ts'
import { countingLessons, type CountingLesson } from './counting.ts'
import { MAX_COLUMNS } from './page.ts'
import { isPlain } from './plain-template.ts'
import { templateOf, type Template } from './template.ts'
import { isWord, tokenEdit, tokensOf, type TokenEdit } from './tokens.ts'
import type { Run } from './trail.ts'

/** One edit from which a token lesson was learnt. */
export interface Sample extends TokenEdit {
  readonly age: number
  /** Line in the present text; null in another file. */
  readonly line: number | null
  /** The lines above and below it when it was made, trimmed. */
  readonly above: string
  readonly below: string
  /** Lines that were replaced together with it. */
  readonly height: number
  /** One of several changes in its line. */
  readonly isPart: boolean
}

/** In a line, the tokens `old` become `new`. */
export interface TokenLesson {
  readonly kind: 'tokens'
  /** Empty where tokens were only inserted. */
  readonly old: string
  readonly new: string
  /** At least one; newest first. */
  readonly samples: readonly Sample[]
  /** Not seen itself, but in another case style. */
  readonly isRestyled: boolean
}

/** The lines `old` become `new`; with no `old`, `new` comes between `above` and `below`. */
export interface BlockLesson {
  readonly kind: 'block'
  readonly old: readonly string[]
  readonly new: readonly string[]
  /** At least one; newest first. */
  readonly samples: readonly Run[]
}

/** As a token lesson, with holes for the operands. */
export interface TemplateLesson {
  readonly kind: 'template'
  readonly template: Template
  readonly samples: readonly Sample[]
}

/** As a block lesson, with holes for the operands. */
export interface FrameLesson {
  readonly kind: 'frame'
  readonly template: Template
  /** At least two, of different texts. */
  readonly samples: readonly Run[]
}

export type Lesson = TokenLesson | TemplateLesson | CountingLesson | BlockLesson | FrameLesson

const MAX_BLOCK = 40
/** Each lesson is one search through the text. */
const MAX_LESSONS = 100
/** Newest blocks that are looked at for operands: each costs as much as it has tokens, cubed. */
const MAX_FRAMES = 20
/** Characters of a called name and its bracket. */
const MAX_CALL = 80

/** Newest lessons first. A lesson whose reverse was taught too is left out: it would undo what was done. */
export function learn(runs: readonly Run[]): readonly Lesson[] {
  const tokens = new Map<string, { old: string; new: string; samples: Sample[] }>()
  const blocks = new Map<string, { old: readonly string[]; new: readonly string[]; samples: Run[] }>()
  for (const run of runs) {
    if (run.old.length > MAX_BLOCK || run.new.length > MAX_BLOCK) continue
    if ([...run.old, ...run.new].some((line) => line.length > MAX_COLUMNS)) continue
    for (const sample of samplesOf(run)) {
      const key = keyOf(sample.old, sample.new)
      const known = tokens.get(key)
      if (known?.samples.some(({ age, line }) => age === sample.age && line === sample.line)) continue
      if (known !== undefined) known.samples.push(sample)
      else tokens.set(key, { old: sample.old, new: sample.new, samples: [sample] })
    }
    if (run.old.length === 1 && run.new.length === 1) continue
    const key = keyOf(blockKey(run.old), blockKey(run.new))
    const known = blocks.get(key)
    if (known !== undefined) known.samples.push(run)
    else blocks.set(key, { old: run.old, new: run.new, samples: [run] })
  }
  const believed = [...tokens.values()].flatMap((lesson): TokenLesson[] =>
    tokens.has(keyOf(lesson.new, lesson.old)) ? [] : [{ kind: 'tokens', ...lesson, isRestyled: false }],
  )
  const templates = templatesOf(believed)
  const whole = believed.filter((lesson) => !isPartOf(lesson, templates))
  const lessons: Lesson[] = [
    ...whole,
    ...restyled(whole),
    ...templates,
    ...countingLessons(believed.flatMap(({ samples }) => samples)),
    ...framesOf([...blocks.values()]),
  ]
  for (const lesson of blocks.values()) {
    const isUndone = blocks.has(keyOf(blockKey(lesson.new), blockKey(lesson.old)))
    if (!isUndone && !(lesson.old.length === 0 && lesson.new.every(isBlank))) lessons.push({ kind: 'block', ...lesson })
  }
  return lessons.sort((a, b) => (a.samples[0]?.age ?? 0) - (b.samples[0]?.age ?? 0)).slice(0, MAX_LESSONS)
}

/** Token lessons that are one when their operands are holes. */
function templatesOf(lessons: readonly TokenLesson[]): readonly TemplateLesson[] {
  const found = new Map<string, { template: Template; samples: Sample[] }>()
  for (const lesson of lessons) {
    for (const sample of lesson.samples) {
      if (sample.isPart) continue
      for (const again of [true, false]) {
        const template = templateOf(sample, again) ?? templateOf(withCall(sample), again)
        if (template === null) continue
        const key = JSON.stringify([template.old, template.new])
        const known = found.get(key)
        if (known === undefined) found.set(key, { template, samples: [sample] })
        else if (known.samples.at(-1) !== sample) known.samples.push(sample)
      }
    }
  }
  // One example seldom tells which of its tokens are operands: in real histories such a guess is right one time in eight.
  const isGeneral = (samples: readonly Sample[]): boolean => new Set(samples.map(({ old }) => old)).size > 1
  return [...found.values()].flatMap(({ template, samples }) =>
    isGeneral(samples) || isPlain(template) ? [{ kind: 'template' as const, template, samples }] : [],
  )
}

/** With the name of the call in which the edit begins: operands that only changed places say nothing without it. */
function withCall({ left, old, new: fresh, right }: Sample): Pick<TokenEdit, 'old' | 'new' | 'right'> {
  const call = /[\p{L}\p{N}_$]+\s*\($/u.exec(left.slice(-MAX_CALL))?.[0] ?? ''
  return { old: call + old, new: call + fresh, right }
}

/** Whether it was only ever one of the changes that a template makes together: alone it would leave the line half done. */
function isPartOf({ samples }: TokenLesson, templates: readonly TemplateLesson[]): boolean {
  return templates.some((template) =>
    samples.every(
      ({ isPart, age, line }) => isPart && template.samples.some((each) => each.age === age && each.line === line),
    ),
  )
}

/** Block lessons that are one when their operands are holes. */
function framesOf(blocks: readonly Omit<BlockLesson, 'kind'>[]): readonly FrameLesson[] {
  const found = new Map<string, { template: Template; samples: Run[]; olds: Set<string> }>()
  for (const { old, new: fresh, samples } of blocks.slice(0, MAX_FRAMES)) {
    const template = blockTemplateOf(old, fresh)
    if (template === null) continue
    const key = JSON.stringify([template.old, template.new])
    const known = found.get(key) ?? { template, samples: [], olds: new Set<string>() }
    known.samples.push(...samples)
    known.olds.add(blockKey(old))
    found.set(key, known)
  }
  return [...found.values()].flatMap(({ template, samples, olds }) =>
    olds.size > 1 ? [{ kind: 'frame' as const, template, samples: samples.toSorted((a, b) => a.age - b.age) }] : [],
  )
}

/** Renamings in the case styles in which they were not seen. */
function restyled(lessons: readonly TokenLesson[]): readonly TokenLesson[] {
  return lessons.flatMap((lesson) => {
    const others = otherStyles(lesson.old, lesson.new).filter(({ old }) => !lessons.some((each) => each.old === old))
    return others.map((pair) => ({ ...lesson, ...pair, isRestyled: true }))
  })
}

/** Whether both are about the same tokens, or the same lines at any indentation. */
export function isSameLesson(a: Lesson, b: Lesson): boolean {
  if (a.kind === 'tokens' && b.kind === 'tokens') return a.old === b.old && a.new === b.new
  if (a.kind !== 'block' || b.kind !== 'block') return false
  return blockKey(a.old) === blockKey(b.old) && blockKey(a.new) === blockKey(b.new)
}

function keyOf(old: string, fresh: string): string {
  return `${old}\0${fresh}`
}

function blockKey(lines: readonly string[]): string {
  return lines.map((line) => line.trim()).join('\n')
}

/** Lines are paired one to one where a run replaced as many as it removed. */
function samplesOf(run: Run): readonly Sample[] {
  if (run.old.length !== run.new.length) return []
  return run.old.flatMap((old, index) => {
    const fresh = run.new[index] ?? ''
    if (old.trim() === fresh.trim() || isBlank(old) || isBlank(fresh)) return []
    const line = run.place === null ? null : run.place.start + index
    const above = ((index > 0 ? run.old[index - 1] : run.above) ?? '').trim()
    const below = (run.old[index + 1] ?? run.below ?? '').trim()
    const sample = { age: run.age, line, above, below, height: run.old.length }
    return [
      { ...sample, ...tokenEdit(old, fresh), isPart: false },
      ...renamesIn(old, fresh).map((edit) => ({ ...sample, ...edit, isPart: true })),
    ]
  })
}

/** Words that became other words, where a line changed in several places: each may be a renaming of its own. */
function renamesIn(before: string, after: string): readonly TokenEdit[] {
  const old = tokensOf(before)
  const fresh = tokensOf(after)
  const changes = diffLines(old, fresh)
  if (changes.length < 2) return []
  return changes.flatMap(({ oldStart, oldEnd, newStart, newEnd }) => {
    if (oldEnd - oldStart !== 1 || newEnd - newStart !== 1) return []
    const from = old[oldStart - 1] ?? ''
    const to = fresh[newStart - 1] ?? ''
    if (!isWord(from) || !isWord(to)) return []
    return [{ left: old.slice(0, oldStart - 1).join(''), old: from, new: to, right: old.slice(oldEnd - 1).join('') }]
  })
}
