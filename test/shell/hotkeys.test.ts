// Global hotkeys: what is said of each chord, and that changing them leaves none behind.
import { expect, test } from 'vitest'
import { enablePortal, setupHotkeys } from '../../main/shell/hotkeys.ts'
import { DEFAULT_PREFERENCES } from '../../main/shell/preferences.ts'
import { createFakeElectron } from '../fakes/electron.ts'

function setup(wayland = false) {
  const electron = createFakeElectron()
  const fired: string[] = []
  const hotkeys = setupHotkeys(electron, {
    wayland,
    actions: { interrupt: () => fired.push('interrupt'), toggle: () => fired.push('toggle') },
  })
  const status = () => hotkeys.views().map((view) => view.status)
  return { electron, hotkeys, fired, status }
}

test('a chord that the system took is unproven until it fires', () => {
  const { electron, hotkeys, fired, status } = setup()
  hotkeys.apply({ interrupt: 'Control+Alt+I', toggle: 'Control+Alt+S' })
  expect(status()).toEqual(['unproven', 'unproven'])
  electron.chords.get('Control+Alt+I')?.()
  expect(fired).toEqual(['interrupt'])
  expect(status()).toEqual(['registered', 'unproven'])
  expect(hotkeys.views()[0]?.message).toBeNull()
})

test('a chord that another program has is refused, with what helps', () => {
  const { electron, hotkeys } = setup()
  electron.taken.add('Control+Alt+I')
  hotkeys.apply({ interrupt: 'Control+Alt+I', toggle: '' })
  expect(hotkeys.views()).toMatchObject([{ status: 'refused' }, { status: 'off', message: null }])
  expect(hotkeys.views()[0]?.message).toContain('slipstream interrupt')
})

test.each(['Escape', 'Shift+Escape', 'F5', '+', 'Control+'])('%s is no modified chord, or is refused', (chord) => {
  const { electron, hotkeys, status } = setup()
  if (chord === 'Control+') electron.taken.add(chord)
  hotkeys.apply({ interrupt: chord, toggle: '' })
  expect(status()[0]).toBe('refused')
  expect(electron.chords.size).toBe(0)
})

test('a chord that Electron cannot read is refused instead of thrown', () => {
  const { electron, hotkeys, status } = setup()
  electron.globalShortcut.register = () => {
    throw new TypeError('conversion failure')
  }
  hotkeys.apply({ interrupt: 'Control+Nonsense', toggle: '' })
  expect(status()[0]).toBe('refused')
})

test('the same chord for both is refused for the second', () => {
  const { hotkeys, status } = setup()
  hotkeys.apply({ interrupt: 'Control+Alt+I', toggle: 'control+alt+i' })
  expect(status()).toEqual(['unproven', 'refused'])
})

test('chords may change places', () => {
  const { electron, hotkeys, fired } = setup()
  hotkeys.apply({ interrupt: 'Control+Alt+I', toggle: 'Control+Alt+S' })
  hotkeys.apply({ interrupt: 'Control+Alt+S', toggle: 'Control+Alt+I' })
  electron.chords.get('Control+Alt+S')?.()
  expect(fired).toEqual(['interrupt'])
})

test('a chord that stays keeps what is known of it', () => {
  const { electron, hotkeys, status } = setup()
  hotkeys.apply({ interrupt: 'Control+Alt+I', toggle: 'Control+Alt+S' })
  electron.chords.get('Control+Alt+I')?.()
  hotkeys.apply({ interrupt: 'Control+Alt+I', toggle: 'Control+Alt+T' })
  expect(status()).toEqual(['registered', 'unproven'])
  expect([...electron.chords.keys()]).toEqual(['Control+Alt+I', 'Control+Alt+T'])
})

test('closing leaves no chord behind', () => {
  const { electron, hotkeys } = setup()
  hotkeys.apply(DEFAULT_PREFERENCES.hotkeys)
  expect(electron.chords.size).toBe(2)
  hotkeys.close()
  expect(electron.chords.size).toBe(0)
})

test('on Wayland the desktop is asked through its portal, and other features stay', () => {
  const { electron, hotkeys } = setup(true)
  electron.app.switches.set('enable-features', 'Some,Other')
  enablePortal(electron.app)
  expect(electron.app.switches.get('enable-features')).toBe('Some,Other,GlobalShortcutsPortal')
  enablePortal(electron.app)
  expect(electron.app.switches.get('enable-features')).toBe('Some,Other,GlobalShortcutsPortal')
  hotkeys.apply(DEFAULT_PREFERENCES.hotkeys)
  expect(hotkeys.views()[0]?.message).toContain('slipstream interrupt')
})
