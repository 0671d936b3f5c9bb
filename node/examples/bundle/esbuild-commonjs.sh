#!/bin/sh
npx esbuild action.cjs --bundle --minify --platform=node --loader:.node=copy --outdir=bundle
