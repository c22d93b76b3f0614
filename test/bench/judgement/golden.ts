// The golden set of scope and minimality: readable scenarios, each with an edit by a person and replies whose hunks are labelled.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createReplyParser, type ParsedHunk } from '../../../main/core/edits/parser.ts'
import { applyEdits, type LineEdit } from '../../../main/core/patch.ts'
import { regionAround, regionsOf } from '../../../main/core/region.ts'
import { placeHunk } from '../../../main/core/reply.ts'
import type { ScopeHunk, ScopeInput } from '../../../main/core/scope/scope.ts'
import { linesOf } from '../../../main/core/text.ts'

// A file of the set, line by line:
//
//   #### what the scenario is about
//   == PATH            a file, up to the next such line; as it stands before or after the change, whichever fits
//   change [PATH]      the person's edit, in hunks of the reply format
//   place: PATH:LINE   instead of a change: the place that a question is about
//   case: NAME
//   asked: WORDS       optional
//   LABEL [add|delete] [PATH]   a hunk of the reply; without a path: the file of the change
//   ...
//   =>                 after a `mixed` one: the part of it that was needed
//
// Labels: `needed`; `place`, `rename`, `format`, `order`: nobody asked for it; `mixed`: both.

export type Label = 'needed' | 'place' | 'rename' | 'format' | 'order' | 'mixed'

export interface GoldenHunk {
  readonly label: Label
  readonly hunks: readonly ScopeHunk[]
  /** The part that was needed, as the smallest edits; empty where nothing was. */
  readonly needed: readonly LineEdit[]
}

export interface GoldenCase {
  readonly name: string
  /** Not looked at while the guard was made: the check that it is not fitted to the set. */
  readonly heldBack: boolean
  readonly input: ScopeInput
  readonly hunks: readonly GoldenHunk[]
}

const HEADS = /^(?:#### |== |change\b|place: |case: |asked: |=>$|(?:needed|place|rename|format|order|mixed)(?: |$))/

export function readGolden(folder: string): readonly GoldenCase[] {
  const cases: GoldenCase[] = []
  for (const name of readdirSync(folder).toSorted()) {
    for (const scenario of readFileSync(join(folder, name), 'utf8')
      .split(/^#### /m)
      .slice(1)) {
      cases.push(...casesOf(`${name}: ${scenario.slice(0, scenario.indexOf('\n'))}`, scenario, cases.length))
    }
  }
  return cases
}

interface Part {
  readonly head: string
  readonly body: string
}

function partsOf(scenario: string): readonly Part[] {
  const parts: { head: string; body: string }[] = []
  for (const line of scenario.split('\n').slice(1)) {
    const inFile = parts.at(-1)?.head.startsWith('== ') === true
    const isHead =
      HEADS.test(line) && !(inFile && /^(?:place|order|format|needed|change)\b(?!$|:| src| test)/.test(line))
    if (isHead) parts.push({ head: line, body: '' })
    else {
      const last = parts.at(-1)
      if (last !== undefined) last.body += `${line}\n`
    }
  }
  return parts
}

function casesOf(title: string, scenario: string, count: number): readonly GoldenCase[] {
  const parts = partsOf(scenario)
  const texts: Record<string, string> = {}
  let main = ''
  let change: ScopeInput['change'] = null
  let region = { start: 1, end: 2 }
  const cases: GoldenCase[] = []
  let current: { name: string; words: string[]; hunks: GoldenHunk[]; written: ScopeHunk[] } | null = null
  const close = (): void => {
    if (current === null) return
    const asked = current.words.length > 0
    const input = { path: main, region, change: asked ? null : change, words: current.words, texts: { ...texts } }
    const heldBack = (count + cases.length) % 3 === 2
    cases.push({
      name: `${title}: ${current.name}`,
      heldBack,
      input: { ...input, hunks: current.written },
      hunks: current.hunks,
    })
    current = null
  }
  for (const [index, { head, body }] of parts.entries()) {
    const [word = '', ...rest] = head.split(' ')
    const argument = rest.join(' ')
    if (word === '==') {
      texts[argument] = body
      main ||= argument
    } else if (word === 'change') {
      main = argument || main
      const text = texts[main] ?? ''
      const hunks = parse(`*** Update File: ${main}\n${body}`, title)
      const stands = place(text, hunks, title, true)
      const before = stands === null ? applyEdits(text, place(text, hunks.map(reversed), title, false) ?? []) : text
      const after = stands === null ? text : applyEdits(text, stands)
      texts[main] = after
      change = { path: main, before, after }
      const [first] = regionsOf(change).regions.toSorted(
        (a, b) => b.changedEnd - b.changedStart - a.changedEnd + a.changedStart,
      )
      if (first === undefined) throw new Error(`${title}: the change changes nothing`)
      region = first
    } else if (word === 'place:') {
      const [path = '', line = '1'] = argument.split(':')
      main = path
      region = regionAround(texts[path] ?? '', Number(line))
    } else if (word === 'case:') {
      close()
      current = { name: argument, words: [], hunks: [], written: [] }
    } else if (word === 'asked:') current?.words.push(argument)
    else if (word !== '=>' && current !== null) {
      const next = parts[index + 1]
      const smallest = next?.head === '=>' ? next.body : null
      const golden = hunkOf(
        `${title}: ${current.name}`,
        word,
        argument,
        body,
        smallest,
        texts,
        main,
        current.written.length,
      )
      current.hunks.push(golden)
      current.written.push(...golden.hunks)
    }
  }
  close()
  return cases
}

function hunkOf(
  title: string,
  word: string,
  argument: string,
  body: string,
  smallest: string | null,
  texts: Readonly<Record<string, string>>,
  main: string,
  count: number,
): GoldenHunk {
  const label = labelOf(word)
  const [, kind = 'update', named = ''] = /^(?:(add|delete)\b ?)?(.*)$/.exec(argument) ?? []
  const path = named || main
  if (kind === 'add') {
    const lines = body
      .split('\n')
      .filter((line) => line.startsWith('+'))
      .map((line) => line.slice(1))
    const edit = { start: 1, end: 1, lines }
    return {
      label,
      hunks: [{ id: `h${count}`, path, kind, moveTo: null, edit }],
      needed: label === 'needed' ? [edit] : [],
    }
  }
  const text = texts[path] ?? ''
  const edits = place(text, parse(`*** Update File: ${path}\n${body}`, title), title, false) ?? []
  const hunks = edits.map((edit, index): ScopeHunk => ({
    id: `h${count + index}`,
    path,
    kind: 'update',
    moveTo: null,
    edit,
  }))
  const needed =
    smallest === null
      ? label === 'needed'
        ? edits
        : []
      : (place(text, parse(`*** Update File: ${path}\n${smallest}`, title), title, false) ?? [])
  return { label, hunks, needed }
}

function labelOf(word: string): Label {
  const labels = ['needed', 'place', 'rename', 'format', 'order', 'mixed'] as const
  const label = labels.find((one) => one === word)
  if (label === undefined) throw new Error(`there is no label ${word}`)
  return label
}

function parse(patch: string, title: string): readonly ParsedHunk[] {
  const parser = createReplyParser()
  const events = [...parser.push(`*** Begin Patch\n${patch.trimEnd()}\n*** End Patch\n`), ...parser.end({ cut: false })]
  const hunks = events.flatMap((event) => (event.type === 'hunk' ? [event.hunk] : []))
  if (hunks.length === 0) throw new Error(`${title}: no hunk in\n${patch}`)
  return hunks
}

/** The same hunk the other way round. */
function reversed(hunk: ParsedHunk): ParsedHunk {
  return {
    ...hunk,
    lines: hunk.lines.map((line) => ({ ...line, kind: line.kind === '+' ? '-' : line.kind === '-' ? '+' : ' ' })),
  }
}

/** As the session does it: each after the one before. `maybe`: null instead of a fault where one has no place. */
function place(text: string, hunks: readonly ParsedHunk[], title: string, maybe: boolean): readonly LineEdit[] | null {
  const lines = linesOf(text)
  const edits: LineEdit[] = []
  let after: number | null = null
  for (const hunk of hunks) {
    const outcome = placeHunk(lines, hunk, { near: null, after })
    if (!outcome.ok) {
      if (maybe) return null
      throw new Error(`${title}: ${outcome.reason}\n${hunk.lines.map(({ kind, text }) => kind + text).join('\n')}`)
    }
    edits.push(...outcome.edits)
    after = outcome.located.end
  }
  return edits
}
