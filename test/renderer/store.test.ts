// What the engine told, in order and with identity.
import { describe, expect, it } from 'vitest'
import { createStore } from '../../renderer/store.ts'
import { batch, hunkView, suggestionView } from './views.ts'

describe('store', () => {
  it('keeps suggestions newest first', () => {
    const store = createStore()
    store.apply(batch({ first: true, suggestions: [suggestionView('a', 1), suggestionView('b', 3)] }), 0)
    store.apply(batch({ suggestions: [suggestionView('c', 2)] }), 0)
    expect(store.ids()).toEqual(['b', 'c', 'a'])
  })

  it('puts the later one first when both are of the same millisecond', () => {
    const store = createStore()
    store.apply(batch({ suggestions: [suggestionView('a', 1), suggestionView('b', 1)] }), 0)
    expect(store.ids()).toEqual(['b', 'a'])
  })

  it('keeps the list of ids the same object as long as the order is', () => {
    const store = createStore()
    store.apply(batch({ suggestions: [suggestionView('a', 1)] }), 0)
    const ids = store.ids()
    store.apply(batch({ suggestions: [suggestionView('a', 1, { state: 'streaming' })] }), 0)
    expect(store.ids()).toBe(ids)
  })

  it('shows at once what stands where a stale hunk stood, and where an unplaced one could', () => {
    const store = createStore()
    const show = (changes: Parameters<typeof hunkView>[1]): void =>
      store.apply(batch({ suggestions: [suggestionView('a', 1, { hunks: [hunkView('h', changes)] })] }), 0)
    show({ state: 'stale', yours: null })
    show({ state: 'stale', yours: ['mine'] })
    expect(store.suggestion('a')?.hunks[0]?.yours).toEqual(['mine'])
    show({ state: 'stale', yours: ['mine'], candidates: [3, 9] })
    expect(store.suggestion('a')?.hunks[0]?.candidates).toEqual([3, 9])
  })

  it('shows at once what was found out about a hunk later', () => {
    const store = createStore()
    const show = (changes: Parameters<typeof hunkView>[1]): void =>
      store.apply(batch({ suggestions: [suggestionView('a', 1, { hunks: [hunkView('h', changes)] })] }), 0)
    show({})
    for (const changes of [{ remark: 'confirmed by x' }, { breaks: ['No `var`.'] }, { styled: ['quotes'] }]) {
      show(changes)
      expect(store.suggestion('a')?.hunks[0]).toMatchObject(changes)
    }
  })

  it('keeps a hunk that is painted the same as the same object', () => {
    const store = createStore()
    store.apply(batch({ suggestions: [suggestionView('a', 1, { hunks: [hunkView('1'), hunkView('2')] })] }), 0)
    const before = store.suggestion('a')?.hunks
    const next = [hunkView('1'), hunkView('2', { state: 'accepted' })]
    store.apply(batch({ suggestions: [suggestionView('a', 1, { hunks: next })] }), 0)
    const after = store.suggestion('a')?.hunks
    expect(after?.[0]).toBe(before?.[0])
    expect(after?.[1]?.state).toBe('accepted')
  })

  it('drops what the first batch of a new connection does not know any more', () => {
    const store = createStore()
    store.apply(batch({ first: true, suggestions: [suggestionView('a', 1), suggestionView('b', 2)] }), 0)
    store.apply(batch({ first: true, suggestions: [suggestionView('b', 2)] }), 0)
    expect(store.ids()).toEqual(['b'])
    expect(store.suggestion('a')).toBeNull()
  })

  it('tells only those who listen to what changed', () => {
    const store = createStore()
    store.apply(batch({ suggestions: [suggestionView('a', 1), suggestionView('b', 2)] }), 0)
    const told: string[] = []
    store.subscribe('suggestion:a', () => told.push('a'))
    const stop = store.subscribe('suggestion:b', () => told.push('b'))
    store.subscribe('project', () => told.push('project'))
    store.apply(batch({ suggestions: [suggestionView('b', 2)] }), 0)
    stop()
    store.apply(batch({ suggestions: [suggestionView('b', 2)] }), 0)
    expect(told).toEqual(['b'])
  })

  it('remembers when a stream ended', () => {
    const store = createStore()
    store.apply(batch({ suggestions: [suggestionView('a', 1, { state: 'streaming' })] }), 10)
    expect(store.endedAt('a')).toBeNull()
    store.apply(batch({ suggestions: [suggestionView('a', 1)] }), 25)
    store.apply(batch({ suggestions: [suggestionView('a', 1)] }), 40)
    expect(store.endedAt('a')).toBe(25)
  })
})
