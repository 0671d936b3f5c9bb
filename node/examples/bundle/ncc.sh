#!/bin/sh
npx ncc build action.mjs -o bundle --minify
