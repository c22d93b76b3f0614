// The tray: one state for all projects, and a menu that does what it says.
import { describe, expect, test } from 'vitest'
import { DEFAULT_PREFERENCES } from '../../main/shell/preferences.ts'
import { STILL, type Pulse } from '../../main/shell/pulse.ts'
import { setupTray, trayState, trayText, type TrayProject } from '../../main/shell/tray.ts'
import { createFakeElectron } from '../fakes/electron.ts'

function pulse(some: Partial<Pulse>): Pulse {
  return { ...STILL, ...some }
}

describe('the state', () => {
  test.each([
    ['idle', []],
    ['idle', [pulse({})]],
    ['review', [pulse({ pending: 2 })]],
    ['review', [pulse({ consent: true })]],
    ['streaming', [pulse({ pending: 2 }), pulse({ streaming: 1 })]],
    ['streaming', [pulse({ offline: true, streaming: 1 })]],
    ['offline', [pulse({ offline: true, pending: 1 })]],
    ['paused', [pulse({ paused: true })]],
    ['idle', [pulse({ paused: true }), pulse({})]],
  ] as const)('is %s for %o', (state, pulses) => {
    expect(trayState(pulses)).toBe(state)
  })

  test('is said in words, too', () => {
    expect(trayText([pulse({ streaming: 1, pending: 2 }), pulse({ pending: 1 })])).toBe(
      'Slipstream: 1 streaming, 3 to review',
    )
    expect(trayText([pulse({})])).toBe('Slipstream: nothing to do')
  })
})

function setup(platform: NodeJS.Platform = 'linux') {
  const electron = createFakeElectron()
  const did: string[] = []
  const tray = setupTray(electron, {
    icons: '/icons',
    platform,
    actions: {
      interrupt: () => did.push('interrupt'),
      openProject: () => did.push('open'),
      configure: (changes) => did.push(JSON.stringify(changes)),
      quit: () => did.push('quit'),
    },
  })
  const project = (some: Partial<Pulse>, visible = true): TrayProject => ({
    name: 'shop',
    pulse: pulse(some),
    visible,
    show: () => did.push('show'),
    hide: () => did.push('hide'),
    pause: (paused) => did.push(`pause ${paused}`),
  })
  const click = (label: string): void => {
    const item = electron.trays[0]?.menu.find((one) => one.label === label)
    expect(item?.click, label).toBeTypeOf('function')
    if (item?.click) Reflect.apply(item.click, item, [])
  }
  return { electron, tray, did, project, click, icon: () => electron.trays[0] }
}

test('the image follows the state', () => {
  const { tray, icon, project } = setup()
  expect(icon()?.image).toBe('/icons/tray-idle.png')
  tray?.update([project({ streaming: 1 })], DEFAULT_PREFERENCES)
  expect(icon()?.image).toBe('/icons/tray-streaming.png')
  expect(icon()?.text).toBe('Slipstream: 1 streaming')
})

test('on macOS it is a template image', () => {
  expect(setup('darwin').icon()?.image).toBe('/icons/tray-idle-Template.png')
})

test('the menu does what it says', () => {
  const { tray, did, project, click } = setup()
  tray?.update([project({ streaming: 1 })], DEFAULT_PREFERENCES)
  for (const label of [
    'Stop the stream',
    'Hide shop',
    'Pause shop',
    'Open a project\u2026',
    'Dock left',
    'Compact strip',
    'Quit Slipstream',
  ])
    click(label)
  expect(did).toEqual(['interrupt', 'hide', 'pause true', 'open', '{"side":"left"}', '{"compact":true}', 'quit'])
})

test('a hidden project can be shown, by the menu and by a click on the icon', () => {
  const { tray, did, project, click, icon } = setup()
  tray?.update([project({}, false)], DEFAULT_PREFERENCES)
  click('Show shop')
  icon()?.emit('click')
  expect(did).toEqual(['show', 'show'])
})

test('a menu that reads the same is not built anew', () => {
  const { tray, icon, project } = setup()
  tray?.update([project({ pending: 1 })], DEFAULT_PREFERENCES)
  const menu = icon()?.menu
  tray?.update([project({ pending: 1 })], DEFAULT_PREFERENCES)
  expect(icon()?.menu).toBe(menu)
})

test('a desktop without a tray is no fault', () => {
  const electron = createFakeElectron()
  electron.trayless = true
  const actions = { interrupt() {}, openProject() {}, configure() {}, quit() {} }
  expect(setupTray(electron, { icons: '/icons', platform: 'linux', actions })).toBeNull()
})
