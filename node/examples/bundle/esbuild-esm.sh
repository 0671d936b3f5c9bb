#!/bin/sh
npx esbuild action.mjs --bundle --minify --platform=node --format=esm --loader:.node=copy --outdir=bundle \
    --out-extension:.js=.mjs \
    --banner:js="import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"
