// Words that a reply has not taken up, and what can be done with them.
import type { ReactNode } from 'react'
import { visible } from './visible.ts'

export function NotTakenUp({ words, children }: { readonly words: string; readonly children: ReactNode }) {
  return (
    <p className="card-returned" data-testid="returned">
      <span>{`Not taken up: \u201c${visible(words)}\u201d`}</span>
      {children}
    </p>
  )
}
