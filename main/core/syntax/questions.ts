// Answers to the questions about syntax, from trees that somebody parses.
import { restyle } from '../conventions/restyle.ts'
import { grammarOf, type Grammar } from './grammar.ts'
import { occurrencesOf } from './occurrences.ts'
import { outlineOf } from './outline.ts'
import { problemsOf } from './problems.ts'
import { SCOPE_RULES } from './scope-rules/table.ts'
import type { SyntaxQuestions } from './syntax.ts'
import { sameTokens, tokensOf } from './tokens.ts'
import type { SyntaxTree } from './tree.ts'

/** null: it took too long, or is too long. */
export type Parse = (grammar: Grammar, text: string) => SyntaxTree | null

type Answers = {
  readonly [Name in keyof SyntaxQuestions]: (
    input: SyntaxQuestions[Name]['input'],
    grammar: Grammar,
    parse: Parse,
  ) => SyntaxQuestions[Name]['output']
}

const answers: Answers = {
  outline: ({ text }, grammar, parse) => from(parse(grammar, text), (tree) => outlineOf(tree, grammar)),
  problems: ({ text }, grammar, parse) => from(parse(grammar, text), problemsOf),
  tokens: ({ text }, grammar, parse) => from(parse(grammar, text), tokensOf),
  same: ({ before, after, ignore }, grammar, parse) => {
    const left = parse(grammar, before)
    return left === null ? null : from(parse(grammar, after), (right) => sameTokens(grammar, left, right, ignore))
  },
  restyle,
  occurrences: ({ text, target }, grammar, parse) => {
    const rules = SCOPE_RULES[grammar]
    return rules === undefined ? null : from(parse(grammar, text), (tree) => occurrencesOf(tree, rules, target))
  },
}

/** null as of `Syntax`. */
export function answerSyntax<Name extends keyof SyntaxQuestions>(
  name: Name,
  input: SyntaxQuestions[Name]['input'],
  parse: Parse,
): SyntaxQuestions[Name]['output'] | null {
  const grammar = grammarOf(input.path)
  return grammar === null ? null : answers[name](input, grammar, parse)
}

function from<Answer>(tree: SyntaxTree | null, answer: (tree: SyntaxTree) => Answer): Answer | null {
  return tree === null ? null : answer(tree)
}
