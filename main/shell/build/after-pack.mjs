// Run by electron-builder when an app is packed: prints how large its archive is.
import { statSync } from 'node:fs'
import { join } from 'node:path'

/** @param {{ appOutDir: string, electronPlatformName: string, packager: { appInfo: { productFilename: string } } }} context */
export default function afterPack({ appOutDir, electronPlatformName, packager }) {
  const resources =
    electronPlatformName === 'darwin'
      ? join(appOutDir, `${packager.appInfo.productFilename}.app`, 'Contents', 'Resources')
      : join(appOutDir, 'resources')
  const { size } = statSync(join(resources, 'app.asar'))
  process.stdout.write(`  • app.asar  ${(size / 1_000_000).toFixed(1)} MB  ${electronPlatformName}\n`)
}
