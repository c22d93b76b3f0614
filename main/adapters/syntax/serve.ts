// The syntax thread's end: answers questions about syntax and about the project's names, one after the other.
import type { MessagePort } from 'node:worker_threads'
import { setTimeout as pause } from 'node:timers/promises'
import { Indexer } from '../../core/index/indexer.ts'
import type { IndexQuestions } from '../../core/index/questions.ts'
import { grammarOf } from '../../core/syntax/grammar.ts'
import { answerSyntax } from '../../core/syntax/questions.ts'
import type { SyntaxQuestions } from '../../core/syntax/syntax.ts'
import { createFiles } from '../files/files.ts'
import { serveThread, type Question } from '../thread.ts'
import { createParser } from './parser.ts'

export interface ThreadQuestions extends SyntaxQuestions, IndexQuestions {}

/** The project that the thread keeps the names of. */
export interface SyntaxPlace {
  readonly root: string
  readonly maxBytes: number
  /** Folders of this program's own files. */
  readonly own: readonly string[]
}

export function isSyntaxPlace(value: unknown): value is SyntaxPlace {
  return typeof value === 'object' && value !== null && 'root' in value && 'maxBytes' in value && 'own' in value
}

/** Rest between two stretches of background work, in ms: it uses half of a core at most. */
const REST_MS = 4
const NEVER = new AbortController().signal

export function serveSyntax(port: MessagePort, place: SyntaxPlace | null): void {
  const parser = createParser()
  const files = place === null ? null : createFiles(place.root, { maxBytes: () => place.maxBytes, own: place.own })
  const indexer = new Indexer({
    async read(path) {
      const outcome = await files?.read(path, { formerSize: null }, NEVER)
      return outcome?.kind === 'text' ? outcome.text : null
    },
    occurrences: (path, text, target) => answer('occurrences', { path, text, target }),
    now: () => performance.now(),
    pause: () => pause(REST_MS),
  })
  let turn: Promise<void> = Promise.resolve()

  async function answer<Name extends keyof SyntaxQuestions>(
    name: Name,
    input: SyntaxQuestions[Name]['input'],
  ): Promise<SyntaxQuestions[Name]['output'] | null> {
    const grammar = grammarOf(input.path)
    if (grammar !== null) await parser.load(grammar)
    return answerSyntax(name, input, parser.parse)
  }

  async function valueOf(question: Question<ThreadQuestions>): Promise<unknown> {
    switch (question.name) {
      case 'seen':
        indexer.seen(question.input.paths)
        return null
      case 'changed': {
        const { paths, edited } = question.input
        const hands = new Set(edited)
        indexer.changed(edited, true)
        indexer.changed(
          paths.filter((path) => !hands.has(path)),
          false,
        )
        return null
      }
      case 'related':
        return indexer.related(question.input)
      case 'elsewhere':
        return indexer.elsewhere(question.input)
      default:
        return answer(question.name, question.input)
    }
  }

  // One after the other: a parser and its bounds are shared.
  serveThread<ThreadQuestions>(port, (question) => {
    const answered = turn.then(() => valueOf(question))
    turn = answered.then(ignore, ignore)
    return answered
  })
}

function ignore(): void {}
