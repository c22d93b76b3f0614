// The question "why this hunk?": what was asked first, and after it the one edit that is to be explained.
import type { Prompt } from './ports.ts'
import type { Redactor } from './redact.ts'
import type { Hunk } from './review.ts'

/** Lines of the hunk that the question holds at most: the rest is like them. */
const MOST_LINES = 80

/**
 * `prompt` is the suggestion's first one, which stays as it is, so that it is cached. The hunk passes the redactor like all that
 * leaves.
 */
export function composeWhy(prompt: Prompt, hunk: Pick<Hunk, 'path' | 'oldLines' | 'edit'>, redactor: Redactor): Prompt {
  for (const { text } of prompt.messages) redactor.reserve(text)
  const lines = [...hunk.oldLines.map((line) => `-${line}`), ...hunk.edit.lines.map((line) => `+${line}`)]
  const shown = redactor.redact([hunk.path, ...lines.slice(0, MOST_LINES)].join('\n'))
  // A closing tag within the edit would end it.
  const edit = shown.replaceAll('</edit', '<\\/edit')
  const text = `You have proposed this edit:\n<edit>\n${edit}\n</edit>\nThe developer asks: why exactly this edit? Answer in one or two short sentences, with the reason and not the description. No patch, no code block.`
  return { ...prompt, messages: [...prompt.messages, { role: 'user', text }] }
}
