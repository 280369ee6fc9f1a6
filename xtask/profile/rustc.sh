#!/bin/sh
# rustc, as cargo calls it for `cargo xtask profile`: RUSTC_WRAPPER. Functions of these crates are not counted, for then
# the linker keeps all of them, and Node knows no module with what is in js-sys.
case " $* " in
*" --crate-name js_sys "* | *" --crate-name futures_"* | *" --crate-name minicov "*)
  for argument; do
    shift
    case "$argument" in
    -Cprofile-generate=*) ;;
    *) set -- "$@" "$argument" ;;
    esac
  done
  ;;
esac
exec "$@"
