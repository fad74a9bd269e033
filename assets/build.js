// Builds the stylesheet, the script and the images into the Python package, under names that hold their
// content's hash, each beside its compressed forms. manifest.json says which plain name has which hashed one.
import { createHash } from 'node:crypto'
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

import { transform, build as bundle } from 'esbuild'
import { compileAsync } from 'sass'

const OUT = 'src/townhall/ui/static/townhall'
const FRESH = `${OUT}.fresh`
const BROWSERS = ['es2020', 'chrome90', 'firefox90', 'safari15']

const NOTICE = '/*! Townhall, with parts of govuk-frontend, both MIT licensed: see THIRD-PARTY.md */\n'

const stylesheet = async () => {
  const { css } = await compileAsync('assets/scss/townhall.scss', {
    loadPaths: ['node_modules'],
    quietDeps: true,
    fatalDeprecations: ['import']
  })
  const { code } = await transform(css, { loader: 'css', minify: true, target: BROWSERS })
  return Buffer.from(NOTICE + code)
}

const script = async () => {
  const { outputFiles } = await bundle({
    entryPoints: ['assets/js/townhall.js'],
    bundle: true,
    format: 'esm',
    minify: true,
    legalComments: 'none',
    target: BROWSERS,
    write: false
  })
  return Buffer.from(NOTICE + outputFiles[0].text)
}

const hashed = (name, content) => {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 8)
  const kind = extname(name)
  return `${basename(name, kind)}-${hash}${kind}`
}

const keep = async (name, content) => {
  const path = join(FRESH, hashed(name, content))
  await writeFile(path, content)
  await writeFile(`${path}.gz`, gzipSync(content, { level: 9 }))
  await writeFile(`${path}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }))
  return [`townhall/${name}`, `townhall/${basename(path)}`]
}

await rm(FRESH, { recursive: true, force: true })
await mkdir(FRESH, { recursive: true })
const names = [
  await keep('townhall.css', await stylesheet()),
  await keep('townhall.js', await script())
]
for (const image of await readdir('assets/images')) {
  names.push(await keep(image, await readFile(join('assets/images', image))))
}
await writeFile(join(FRESH, 'manifest.json'), JSON.stringify(Object.fromEntries(names), null, 2) + '\n')
// Swapped in whole, so that a build which fails leaves the last one standing.
await rm(OUT, { recursive: true, force: true })
await rename(FRESH, OUT)
