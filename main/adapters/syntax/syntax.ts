// The Syntax port: tree-sitter on a thread of its own, so that neither a grammar's load nor a long parse delays anything else.
import type { Log } from '../../core/ports.ts'
import type { Syntax, SyntaxQuestions } from '../../core/syntax/syntax.ts'
import { createQueue } from '../work.ts'

export interface SyntaxOptions {
  readonly log: Log
  /** Another worker, for tests. */
  readonly entry?: URL
}

/**
 * The thread starts with the first question. A question that the thread cannot answer (a grammar is missing, it died) is
 * logged once and answered with null.
 */
export function createSyntax({ log, entry }: SyntaxOptions): Syntax & { close(): Promise<void> } {
  const queue = createQueue<SyntaxQuestions>(
    { role: 'syntax' },
    { limitMs: 10_000, lazy: true, ...(entry && { entry }) },
  )
  const told = new Set<string>()

  async function ask<Name extends keyof SyntaxQuestions>(
    name: Name,
    input: SyntaxQuestions[Name]['input'],
    signal: AbortSignal,
  ): Promise<SyntaxQuestions[Name]['output'] | null> {
    try {
      return await queue.run(name, input, signal)
    } catch (error) {
      if (signal.aborted) throw signal.reason
      const what = String(error)
      if (!told.has(what)) log.error('syntax is not known', error)
      told.add(what)
      return null
    }
  }

  return {
    outline: (path, text, signal) => ask('outline', { path, text }, signal),
    problems: (path, text, signal) => ask('problems', { path, text }, signal),
    tokens: (path, text, signal) => ask('tokens', { path, text }, signal),
    same: (path, { before, after }, ignore, signal) => ask('same', { path, before, after, ignore }, signal),
    occurrences: (path, text, target, signal) => ask('occurrences', { path, text, target }, signal),
    close: () => queue.close(),
  }
}
