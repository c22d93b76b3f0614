// The syntax thread's end: answers questions about syntax, one after the other, loading grammars as they are needed.
import type { MessagePort } from 'node:worker_threads'
import { grammarOf } from '../../core/syntax/grammar.ts'
import { answerSyntax } from '../../core/syntax/questions.ts'
import type { SyntaxQuestions } from '../../core/syntax/syntax.ts'
import { reply, type Question } from '../thread.ts'
import { createParser } from './parser.ts'

export function serveSyntax(port: MessagePort): void {
  const parser = createParser()
  let turn: Promise<void> = Promise.resolve()

  async function answer(question: Question<SyntaxQuestions>): Promise<void> {
    const grammar = grammarOf(question.input.path)
    try {
      if (grammar !== null) await parser.load(grammar)
    } catch (error) {
      reply(port, question.id, () => {
        throw error
      })
      return
    }
    reply(port, question.id, () => answerSyntax(question.name, question.input, parser.parse))
  }

  port.on('message', (question: Question<SyntaxQuestions>) => {
    turn = turn.then(() => answer(question))
  })
}
