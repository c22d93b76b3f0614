// The Syntax port without a thread: the real grammars, in the test's own process.
import { createParser } from '../../main/adapters/syntax/parser.ts'
import { grammarOf, type Grammar } from '../../main/core/syntax/grammar.ts'
import { answerSyntax } from '../../main/core/syntax/questions.ts'
import type { Syntax, SyntaxQuestions } from '../../main/core/syntax/syntax.ts'
import type { SyntaxTree } from '../../main/core/syntax/tree.ts'

const parser = createParser()

export async function treeOf(grammar: Grammar, text: string): Promise<SyntaxTree> {
  await parser.load(grammar)
  const tree = parser.parse(grammar, text)
  if (tree === null) throw new Error('this is too long to parse')
  return tree
}

/** Grammars come from the disk, for which no fake clock waits: those that tests of the session use are there at once. */
export async function loadGrammars(): Promise<void> {
  for (const grammar of ['javascript', 'typescript', 'python'] as const) await parser.load(grammar)
}

async function ask<Name extends keyof SyntaxQuestions>(
  name: Name,
  input: SyntaxQuestions[Name]['input'],
): Promise<SyntaxQuestions[Name]['output'] | null> {
  const grammar = grammarOf(input.path)
  if (grammar !== null) await parser.load(grammar)
  return answerSyntax(name, input, parser.parse)
}

export const parsedSyntax: Syntax = {
  outline: (path, text) => ask('outline', { path, text }),
  problems: (path, text) => ask('problems', { path, text }),
  tokens: (path, text) => ask('tokens', { path, text }),
  same: (path, { before, after }, ignore) => ask('same', { path, before, after, ignore }),
  restyle: (input) => ask('restyle', input),
  occurrences: (path, text, target) => ask('occurrences', { path, text, target }),
}
