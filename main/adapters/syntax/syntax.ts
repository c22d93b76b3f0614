// The Syntax and Index ports: tree-sitter and the project's names on a thread of their own, so that neither a grammar's load nor
// a long parse delays anything else.
import { NOWHERE, type Index } from '../../core/index/questions.ts'
import type { Log } from '../../core/ports.ts'
import type { Syntax } from '../../core/syntax/syntax.ts'
import type { ThreadOptions } from '../thread.ts'
import { createQueue } from '../work.ts'
import type { SyntaxPlace, ThreadQuestions } from './serve.ts'

export interface SyntaxOptions extends Pick<ThreadOptions, 'entry'> {
  /** The project whose names are kept; null: none. */
  readonly place: SyntaxPlace | null
  readonly log: Log
}

export interface OpenSyntax {
  readonly syntax: Syntax
  readonly index: Index
  close(): Promise<void>
}

/** A question that takes longer is given up with its thread; every one is bounded far below it. ms. */
const LIMIT_MS = 10_000
/** What is changed is read again after this, in ms: a save wants its request first, and both cores for it. */
const REST_MS = 1_000
/** A file's texts before and after a save come with several questions. UTF-16 units. */
const KEPT_TEXTS = 8 * 1024 * 1024

/**
 * The thread starts with the first question. A question that the thread cannot answer (a grammar is missing, it died) is
 * logged once and answered with null, or with nothing. When the thread is lost, so is the index: it fills again with what is
 * changed from then on.
 */
export function openSyntax({ place, log, entry }: SyntaxOptions): OpenSyntax {
  const queue = createQueue<ThreadQuestions>(
    { role: 'syntax', data: place },
    { limitMs: LIMIT_MS, lazy: true, keptTexts: KEPT_TEXTS, youngMegabytes: 16, entry },
  )
  const told = new Set<string>()
  const changed = new Map<string, boolean>()
  let flushing: NodeJS.Timeout | null = null

  async function ask<Name extends keyof ThreadQuestions, Otherwise>(
    name: Name,
    input: ThreadQuestions[Name]['input'],
    otherwise: Otherwise,
    signal: AbortSignal,
  ): Promise<ThreadQuestions[Name]['output'] | Otherwise> {
    try {
      return await queue.run(name, input, signal)
    } catch (error) {
      if (signal.aborted) throw signal.reason
      const what = String(error)
      if (!told.has(what)) log.error('syntax is not known', error)
      told.add(what)
      return otherwise
    }
  }

  /** Changes come in storms: those of a while cross together. */
  function flush(): void {
    flushing = null
    const paths = [...changed.keys()]
    const edited = paths.filter((path) => changed.get(path))
    changed.clear()
    void ask('changed', { paths, edited }, null, NEVER)
  }

  return {
    syntax: {
      outline: (path, text, signal) => ask('outline', { path, text }, null, signal),
      problems: (path, text, signal) => ask('problems', { path, text }, null, signal),
      tokens: (path, text, signal) => ask('tokens', { path, text }, null, signal),
      same: (path, { before, after }, ignore, signal) => ask('same', { path, before, after, ignore }, null, signal),
      restyle: (input, signal) => ask('restyle', input, null, signal),
      occurrences: (path, text, target, signal) => ask('occurrences', { path, text, target }, null, signal),
    },
    index: {
      seen(paths) {
        if (place !== null && paths.length > 0) void ask('seen', { paths }, null, NEVER)
      },
      changed(path, edited) {
        if (place === null) return
        changed.set(path, edited || (changed.get(path) ?? false))
        flushing ??= setTimeout(flush, REST_MS)
      },
      related: (focus, signal) => ask('related', focus, [], signal),
      elsewhere: (change, signal) => ask('elsewhere', change, NOWHERE, signal),
    },
    async close() {
      if (flushing !== null) clearTimeout(flushing)
      await queue.close()
    },
  }
}

const NEVER = new AbortController().signal
