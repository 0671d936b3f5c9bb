#!/bin/sh
# Reads a status with the npm package or the wheel for musl, in an Alpine container that has the project in /project.
# Usage: alpine.sh node|python
set -eu
cd "$(mktemp -d)"
dist=/project/target/distribution
case $1 in
  node)
    npm install --silent --omit=optional "$dist"/npm/clanforge-[0-9]*.tgz "$dist"/npm/clanforge-linux-x64-musl-*.tgz
    node --eval "require('clanforge').simulate('happy', { imageId: 2 }).client()
      .imageStatus({ accountServiceId: 1, imageId: 2 }).then(({ totalMachines }) => { console.log(totalMachines); process.exit(0); })"
    ;;
  python)
    pip install --quiet "$dist"/python/clanforge-*-musllinux_*_x86_64.whl
    python -c "import clanforge; print(clanforge.simulate('happy', image_id=2).client().image_status(1, 2).total_machines)"
    clanforge --version
    ;;
esac
