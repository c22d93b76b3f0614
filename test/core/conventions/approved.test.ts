// The file of approved rules: what is read from it, and how a rule comes in and goes out.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { approvedRules, withoutRule, withRule } from '../../../main/core/conventions/approved.ts'
import { checkOf } from '../../../main/core/conventions/check.ts'

const cases = [1, 2, 3, 4].map((line) => ({ suggestion: `s${line}`, path: 'src/a.ts', line, what: 'x' }))

describe('the file', () => {
  test('is made with the first rule, and says what proved it', () => {
    const text = withRule(null, 'Write `const`, not `var`.', cases)
    expect(text).toMatch(
      /^# Conventions\n\n[^\n]+\n\n- Write `const`, not `var`\.\n {2}\(4 cases: src\/a\.ts:1, src\/a\.ts:2, src\/a\.ts:3, …\)\n$/,
    )
    expect(approvedRules(text)).toEqual([
      {
        text: 'Write `const`, not `var`.',
        evidence: '4 cases: src/a.ts:1, src/a.ts:2, src/a.ts:3, …',
        check: { kind: 'tokens', tokens: ['var'] },
      },
    ])
  })

  test('keeps what people wrote, and its line endings', () => {
    const text = '# Ours\r\n\r\n* Tabs,\r\n  always.\r\n\r\nSee the wiki.\r\n'
    const longer = withRule(text, 'Add no comments.', cases.slice(0, 1))
    expect(longer.startsWith(text.trimEnd())).toBe(true)
    expect(longer.replaceAll('\r\n', '')).not.toContain('\n')
    expect(approvedRules(longer).map((rule) => rule.text)).toEqual(['Tabs, always.', 'Add no comments.'])
  })

  test('loses a rule with what stands beneath it, and nothing else', () => {
    const text = withRule(withRule(withRule(null, 'One.', cases), 'Two.', cases), 'Three.', cases)
    expect(withoutRule(text, 'Two.')).toBe(withRule(withRule(null, 'One.', cases), 'Three.', cases))
    expect(withoutRule(text, 'Four.')).toBeNull()
  })

  test('is as before when a rule comes and goes', () => {
    const rule = fc.stringMatching(/^[A-Z][a-z ]{0,20}[a-z]\.$/)
    fc.assert(
      fc.property(fc.uniqueArray(rule, { maxLength: 5 }), rule, (rules, one) => {
        fc.pre(!rules.includes(one))
        const before = rules.reduce<string | null>((text, each) => withRule(text, each, cases), null)
        const after = withRule(before, one, cases)
        expect(approvedRules(after).map(({ text }) => text)).toEqual(
          [...rules, one].map((text) => text.replaceAll(/\s+/g, ' ')),
        )
        if (before !== null) expect(withoutRule(after, one.replaceAll(/\s+/g, ' '))).toBe(before)
      }),
    )
  })
})

test.each([
  ['Write `a.b`, not `a.c`.', ['a', '.', 'c']],
  ['Do not use `any`.', ['any']],
  ['Never use `console.log`', ['console', '.', 'log']],
  ['Leave out `;`.', null],
  ['Prefer small functions.', null],
])('%s is checked by %j', (text, tokens) => {
  expect(checkOf(text)).toEqual(tokens === null ? null : { kind: 'tokens', tokens })
})
