// Tests of the embedded engine: where it speaks, where it is silent, and what it never touches.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { proposeEchoes, proposeInFile, proposeWithLesson } from '../../../main/core/echo/echo.ts'
import { applyEdits } from '../../../main/core/patch.ts'
import type { TextChange } from '../../../main/core/ports.ts'
import { linesOf } from '../../../main/core/text.ts'

const path = 'src/a.ts'
const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')

/** The text after the change with every proposal applied. */
function echoed(before: readonly string[], after: readonly string[], history: readonly TextChange[] = []) {
  const change = { path, before: text(before), after: text(after), history }
  return linesOf(applyEdits(change.after, proposeEchoes(change)))
}

describe('proposeEchoes', () => {
  it('proposes a replaced call above and below', () => {
    const before = ['a.oldName(1)', 'x()', 'b.oldName(2)', 'y()', 'c.oldName(3)']
    expect(echoed(before, before.with(2, 'b.newName(2)'))).toEqual([
      'a.newName(1)',
      'x()',
      'b.newName(2)',
      'y()',
      'c.newName(3)',
    ])
  })

  it('gives edits about the text after the change, with the path', () => {
    const before = text(['if (user) {', '  a()', '}', 'if (user) {', '  b()', '}'])
    const after = before.replace('if (user)', 'if (user !== null)')
    expect(proposeEchoes({ path, before, after, history: [] })).toEqual([
      { path, start: 4, end: 5, lines: ['if (user !== null) {'] },
    ])
  })

  it('matches identifiers whole', () => {
    const before = ['send(total, 1)', 'send(total, 2)', 'send(totals, 3)', 'send(subtotal, 4)']
    expect(echoed(before, before.with(0, 'send(sum, 1)'))).toEqual([
      'send(sum, 1)',
      'send(sum, 2)',
      'send(totals, 3)',
      'send(subtotal, 4)',
    ])
  })

  it('follows a renamed declaration to its uses', () => {
    const before = ['const price = 1', 'log(price)', 'if (price > 2) send(a.price, price)']
    expect(echoed(before, before.with(0, 'const cost = 1'))).toEqual([
      'const cost = 1',
      'log(cost)',
      'if (cost > 2) send(a.price, cost)',
    ])
  })

  it('does not follow a renamed declaration when the old name is declared elsewhere', () => {
    const before = ['const price = 1', 'log(price)', 'const f = () => {', '  let price = 3', '  send(price)', '}']
    const after = before.with(0, 'const cost = 1')
    expect(echoed(before, after)).toEqual(after)
  })

  it('proposes an inserted line where both neighbours are the same, at that place’s indentation', () => {
    const before = ['open(file)', 'close(file)', 'if (b) {', '  open(file)', '  close(file)', '}', 'open(file)']
    expect(echoed(before, before.toSpliced(1, 0, 'read(file)'))).toEqual([
      'open(file)',
      'read(file)',
      'close(file)',
      'if (b) {',
      '  open(file)',
      '  read(file)',
      '  close(file)',
      '}',
      'open(file)',
    ])
  })

  it('proposes an inserted line at what several examples have in common, above or below it', () => {
    const before = [
      'beginRequest(id)',
      'one()',
      'x()',
      'beginRequest(id)',
      'two()',
      'y()',
      'beginRequest(id)',
      'three()',
    ]
    const once = before.toSpliced(1, 0, 'trace(id)')
    const twice = once.toSpliced(5, 0, 'trace(id)')
    const history = [{ path, before: text(before), after: text(once) }]
    expect(echoed(once, twice, history)).toEqual(twice.toSpliced(9, 0, 'trace(id)'))
    const upside = before.toReversed()
    const first = upside.toSpliced(1, 0, 'trace(id)')
    const second = first.toSpliced(5, 0, 'trace(id)')
    expect(echoed(first, second, [{ path, before: text(upside), after: text(first) }])).toEqual(
      second.toSpliced(9, 0, 'trace(id)'),
    )
  })

  it('proposes removed lines where the same lines stand', () => {
    const block = ['console.debug(currentState, options)', 'flushAll(currentState)']
    const before = ['a() {', ...block, '}', 'b() {', ...block, '}', 'c() {', ...block, '}']
    const once = before.toSpliced(1, 2)
    const twice = once.toSpliced(3, 2)
    const history = [{ path, before: text(before), after: text(once) }]
    expect(echoed(once, twice, history)).toEqual(['a() {', '}', 'b() {', '}', 'c() {', '}'])
  })

  it('unwraps, and puts arguments in another order, once it was done twice', () => {
    const before = ['emit(wrap(first), now)', 'x()', 'emit(wrap(second), then)', 'y()', 'emit(wrap(f(a, b)), later)']
    const once = before.with(0, 'emit(now, first)')
    const twice = once.with(2, 'emit(then, second)')
    const history = [{ path, before: text(before), after: text(once) }]
    expect(echoed(once, twice, history)).toEqual(twice.with(4, 'emit(later, f(a, b))'))
  })

  it('proposes a replaced block where the same lines stand', () => {
    const block = ['const found = await load(id)', 'if (!found) throw new NotFound(id)']
    const before = ['one() {', ...block, '}', 'two() {', ...block, '}', 'three() {', ...block, '}']
    expect(echoed(before, before.toSpliced(1, 2, 'const found = await mustLoad(id)'))).toEqual([
      'one() {',
      'const found = await mustLoad(id)',
      '}',
      'two() {',
      'const found = await mustLoad(id)',
      '}',
      'three() {',
      'const found = await mustLoad(id)',
      '}',
    ])
  })

  it('makes several replacements in one line one edit', () => {
    const before = ['logger.warn(a, options.verbose)', 'x()', 'logger.warn(a, options.verbose)']
    const after = ['logger.warning(a, options.isVerbose)', 'x()', 'logger.warn(a, options.verbose)']
    expect(echoed(before, after)).toEqual(after.with(2, after[0] ?? ''))
  })

  it('believes what was done twice and is silent about what was done once', () => {
    const before = ['first(timeout)', 'x = second + timeout', 'third(timeout)', 'timeout / fourth', 'fifth(timeout)']
    const once = before.with(0, 'first(delay)')
    const twice = once.with(2, 'third(delay)')
    const history = [{ path, before: text(before), after: text(once) }]
    expect(echoed(once, twice, history)).toEqual(twice.with(4, 'fifth(delay)'))
  })

  it('learns from another file', () => {
    const history = [{ path: 'src/b.ts', before: 'app.fetchAll(a)\n', after: 'app.loadAll(a)\n' }]
    const before = ['app.fetchAll(b)', 'app.fetchAll(c)', 'app.fetchAll(d)']
    expect(echoed(before, before.with(0, 'app.loadAll(b)'), history)).toEqual([
      'app.loadAll(b)',
      'app.loadAll(c)',
      'app.loadAll(d)',
    ])
  })

  it('never proposes to undo what was just done', () => {
    const a = ['a.oldName(1)', 'b.oldName(2)', 'c.newName(3)', 'd.newName(4)']
    const b = a.with(0, 'a.newName(1)')
    const history = [{ path, before: text(a), after: text(b) }]
    // Taken back at once: neither direction is to be believed.
    expect(echoed(b, a, history)).toEqual(a)
    // The same tokens changed back elsewhere.
    expect(echoed(b, b.with(2, 'c.oldName(3)'), history)).toEqual(b.with(2, 'c.oldName(3)'))
  })

  it('does not touch lines that earlier steps wrote', () => {
    const a = ['run(mode, 1)', 'run(mode, 2)', 'run(mode, 3)']
    const b = a.with(1, 'run(mode, 2) // keep')
    const history = [{ path, before: text(a), after: text(b) }]
    expect(echoed(b, b.with(0, 'run(state, 1)'), history)[1]).toBe('run(mode, 2) // keep')
  })

  it('follows a second thought to the places where the first one went', () => {
    const a = ['a.oldName(1)', 'x()', 'b.oldName(2)', 'y()', 'c.oldName(3)']
    const b = a.with(0, 'a.newName(1)')
    const all = a.map((line) => line.replace('oldName', 'newName'))
    const history = [
      { path, before: text(a), after: text(b) },
      { path, before: text(b), after: text(all) },
    ]
    expect(echoed(all, all.with(0, 'a.bestName(1)'), history)).toEqual(
      a.map((line) => line.replace('oldName', 'bestName')),
    )
  })

  it('does not do twice what stands there already', () => {
    const before = ['f(load(a))', 'await load(a)', 'g(load(a))', 'h(load(a))']
    const after = before.with(0, 'f(await load(a))')
    expect(echoed(before, after)[1]).toBe('await load(a)')
  })

  it('is silent when nothing was changed', () => {
    expect(proposeEchoes({ path, before: 'a\n', after: 'a\n', history: [] })).toEqual([])
  })

  it('is silent about a lone sign, a blank line, and white space', () => {
    const before = ['f(a, b)', 'g(c, d)', 'h(e, f)', 'f(a, x)', '']
    for (const after of [
      before.with(0, 'f(a; b)'),
      before.toSpliced(1, 0, ''),
      before.with(0, '  f(a, b)'),
      before.toSpliced(4, 1),
    ]) {
      expect(echoed(before, after)).toEqual(after)
    }
  })

  it('is silent when a pattern fits in more than fifty places', () => {
    const before = Array.from({ length: 60 }, () => 'log.write(message, level)')
    const after = before.with(0, 'log.print(message, level)')
    expect(echoed(before, after)).toEqual(after)
  })

  it('is silent about rewrites', () => {
    const before = Array.from({ length: 200 }, (_, index) => `call(${index}, oldName)`)
    const after = before.map((line, index) => (index % 3 === 0 ? line.replace('oldName', 'newName') : line))
    expect(echoed(before, after)).toEqual(after)
  })

  it('copes with hostile texts', () => {
    const line = 'var alpha=1;function f(){return "x"};'.repeat(30_000)
    const equal = Array.from({ length: 100_000 }, () => 'const alpha = compute(1)').join('\n')
    for (const before of [line, equal]) {
      expect(proposeEchoes({ path, before, after: before.replace('alpha', 'beta'), history: [] })).toEqual([])
    }
  })

  it('follows two edits with different operands to places with others', () => {
    const before = [
      'assert.equal(total, 3)',
      'assert.equal(sum(a, b), c)',
      'assert.equal(name, "x, y")',
      'assert.ok(a)',
    ]
    const once = before.with(0, 'expect(total).toBe(3)')
    const twice = once.with(1, 'expect(sum(a, b)).toBe(c)')
    const history = [{ path, before: text(before), after: text(once) }]
    const change = { path, before: text(once), after: text(twice), history }
    const { edits, lesson } = proposeWithLesson(change)
    expect(edits).toEqual([{ path, start: 3, end: 4, lines: ['expect(name).toBe("x, y")'] }])
    expect(lesson).toBe('`assert.equal(A, B)` → `expect(A).toBe(B)`, 1 more place')
  })

  it('follows one edit to places with other operands where both sides name them', () => {
    const before = [
      'assert.equal(total, 3)',
      'assert.equal(sum(a, b), c)',
      'assert.equal(name, "x, y")',
      'assert.ok(a)',
    ]
    const change = { path, before: text(before), after: text(before.with(0, 'expect(total).toBe(3)')), history: [] }
    const { edits, lesson } = proposeWithLesson(change)
    expect(edits).toEqual([
      { path, start: 2, end: 3, lines: ['expect(sum(a, b)).toBe(c)'] },
      { path, start: 3, end: 4, lines: ['expect(name).toBe("x, y")'] },
    ])
    expect(lesson).toBe('`assert.equal(A, B)` → `expect(A).toBe(B)`, 2 more places')
  })

  it('puts arguments in another order after one example', () => {
    const before = ['emit(first, now)', 'x()', 'emit(second(a, b), then)', 'y()', 'emit(f, later)']
    expect(echoed(before, before.with(0, 'emit(now, first)'))).toEqual([
      'emit(now, first)',
      'x()',
      'emit(then, second(a, b))',
      'y()',
      'emit(later, f)',
    ])
  })

  it('wraps and unwraps several operands after one example', () => {
    const plain = ['area(width, height)', 'x()', 'area(w + 1, h)']
    const wrapped = ['area({ width: width, height: height })', 'x()', 'area({ width: w + 1, height: h })']
    expect(echoed(plain, plain.with(0, 'area([width, height])'))).toEqual([
      'area([width, height])',
      'x()',
      'area([w + 1, h])',
    ])
    const once = wrapped.with(0, 'area(width, height)')
    expect(echoed(wrapped, once).slice(0, 2)).toEqual(once.slice(0, 2))
    const listed = ['area([width, height])', 'x()', 'area([w + 1, h])']
    expect(echoed(listed, listed.with(0, 'area(width, height)'))).toEqual(plain)
  })

  it('waits for a second example where one leaves open what is an operand', () => {
    const before = ['log(first, now)', 'x()', 'log(second, then)']
    for (const after of ['log(first, now, level)', 'warn(first, now)', 'log(`${first}`, now)'])
      expect(echoed(before, before.with(0, after))[2]).not.toContain('first')
    const inText = ['log("hello world", now)', 'log("hello moon", then)']
    expect(echoed(inText, inText.with(0, 'log(greet("world"), now)'))[1]).toBe(inText[1])
  })

  it('names constants where the same text stands', () => {
    const before = ['tap("MetaPlugin", a)', 'run(b)', 'tap("MetaPlugin", b)', 'stop(c)', 'tap("MetaPlugin", c)']
    expect(echoed(before, before.with(0, 'tap(PLUGIN_NAME, a)'))).toEqual([
      'tap(PLUGIN_NAME, a)',
      'run(b)',
      'tap(PLUGIN_NAME, b)',
      'stop(c)',
      'tap(PLUGIN_NAME, c)',
    ])
  })

  it('carries a renaming into other case styles once it was made twice', () => {
    const before = ['const userName = f(1)', 'send(userName)', 'type UserName = string', 'log(USER_NAME, user_name)']
    const once = before.with(0, 'const loginName = f(1)')
    const twice = once.with(1, 'send(loginName)')
    const history = [{ path, before: text(before), after: text(once) }]
    expect(echoed(once, twice, history)[2]).toBe('type LoginName = string')
  })

  it('leaves out what was rejected, and gives a lesson up that was rejected as often as it was shown', () => {
    const before = ['a.oldName(1)', 'x()', 'b.oldName(2)', 'y()', 'c.oldName(3)', 'd.oldName(4)']
    const once = before.with(0, 'a.newName(1)')
    const rejected = [{ path, start: 3, end: 4, oldLines: ['b.oldName(2)'], lines: ['b.newName(2)'] }]
    const first = { path, before: text(before), after: text(once), history: [] }
    expect(proposeEchoes(first)).toHaveLength(3)
    expect(proposeEchoes({ ...first, rejected })).toEqual([])
    const twice = once.with(4, 'c.newName(3)')
    const history = [{ path, before: text(before), after: text(once) }]
    const second = { path, before: text(once), after: text(twice), history }
    expect(proposeEchoes({ ...second, rejected })).toEqual([{ path, start: 6, end: 7, lines: ['d.newName(4)'] }])
  })

  it('proposes in another file what was learnt in this one', () => {
    const change = { path, before: 'api.fetchAll(a)\n', after: 'api.loadAll(a)\n', history: [] }
    const other = { path: 'src/b.ts', text: text(['x()', 'const all = api.fetchAll(b)', 'api.fetchOne(b)']) }
    expect(proposeInFile(change, other)).toEqual({
      edits: [{ path: 'src/b.ts', start: 2, end: 3, lines: ['const all = api.loadAll(b)'] }],
      lesson: '`fetchAll` → `loadAll`, 1 more place',
    })
  })

  it('does not touch lines of another file that earlier steps wrote', () => {
    const there = text(['api.fetchAll(b) // keep', 'api.fetchAll(c)'])
    const history = [{ path: 'src/b.ts', before: text(['api.fetchAll(b)', 'api.fetchAll(c)']), after: there }]
    const change = { path, before: 'api.fetchAll(a)\n', after: 'api.loadAll(a)\n', history }
    const { edits } = proposeInFile(change, { path: 'src/b.ts', text: there })
    expect(edits.map(({ start }) => start)).toEqual([2])
  })

  it('says what it learnt in one line', () => {
    const lines = ['if (ready) start(job)', 'a()', 'if (ready) start(job)', 'b()', 'if (ready) start(job)']
    const lessonOf = (after: readonly string[]): string | null =>
      proposeWithLesson({ path, before: text(lines), after: text(after), history: [] }).lesson
    expect(lessonOf(lines.with(0, 'if (isReady) start(job)'))).toBe('`ready` → `isReady`, 2 more places')
    expect(lessonOf(lines.with(0, 'if (ready) start(await job)'))).toBe('`(job` → `(await job`, 2 more places')
    expect(lessonOf(lines)).toBeNull()
  })

  it('keeps its promises on any texts: sorted, apart, away from the lines just edited, the same every time', () => {
    const line = fc.constantFrom('', 'foo(bar)', '  foo(bar)', 'foo(baz)', 'x = foo', '}', 'let bar = 1', 'if (foo) {')
    const lines = fc.array(line, { minLength: 1, maxLength: 25 })
    const position = fc.nat(24)
    fc.assert(
      fc.property(lines, position, line, position, line, (first, at1, line1, at2, line2) => {
        const second = first.with(at1 % first.length, line1)
        const third = second.with(at2 % second.length, line2)
        const change = {
          path,
          before: text(second),
          after: text(third),
          history: [{ path, before: text(first), after: text(second) }],
        }
        const edits = proposeEchoes(change)
        expect(proposeEchoes(change)).toEqual(edits)
        applyEdits(change.after, edits)
        const edited = 1 + (at2 % second.length)
        if (line2 !== second[edited - 1]) {
          expect(edits.some(({ start, end }) => start <= edited && edited < end)).toBe(false)
        }
        expect(edits.map(({ start }) => start)).toEqual(edits.map(({ start }) => start).toSorted((a, b) => a - b))
      }),
      { numRuns: 500 },
    )
  })
})
