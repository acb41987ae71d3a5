;; Finds how many levels of arrays and objects stand inside each other in a JSON text, 64 of its UTF-16 units at a time: what simdjson does
;; to find structure (Langdale and Lemire, "Parsing Gigabytes of JSON per Second", 2019, sections 3.1.1 and 3.1.2), for brackets alone.
;;
;; A mask has a bit for each unit of a block, the first unit's lowest.
(module
  ;; A part of the text: 16 Ki units, and zeros behind it up to the end of its last block.
  (memory (export "memory") 1)

  ;; What the parts before have left open.
  (global $depth (mut i32) (i32.const 0))
  ;; All bits, or none.
  (global $inString (mut i64) (i64.const 0))
  ;; The lowest bit: whether the first unit follows a backslash that escapes it.
  (global $isEscaped (mut i64) (i64.const 0))

  ;; Forgets what was open.
  (func (export "begin")
    (global.set $depth (i32.const 0))
    (global.set $inString (i64.const 0))
    (global.set $isEscaped (i64.const 0)))

  ;; Reads a part, which has $bytes bytes. Answers 1 as soon as there are more than $levels levels, else 0.
  (func (export "isDeeper") (param $bytes i32) (param $levels i32) (result i32)
    (local $at i32) (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local $outside i64) (local $openers i64) (local $closers i64)
    (memory.fill (local.get $bytes) (i32.const 0) (i32.const 128))
    (loop $nextBlock
      (if (i32.ge_u (local.get $at) (local.get $bytes)) (then (return (i32.const 0))))
      ;; One byte for each unit. Those beyond Latin-1 become 0 or 255, which are none of those that count.
      (local.set $a (i8x16.narrow_i16x8_u (v128.load (local.get $at)) (v128.load offset=16 (local.get $at))))
      (local.set $b (i8x16.narrow_i16x8_u (v128.load offset=32 (local.get $at)) (v128.load offset=48 (local.get $at))))
      (local.set $c (i8x16.narrow_i16x8_u (v128.load offset=64 (local.get $at)) (v128.load offset=80 (local.get $at))))
      (local.set $d (i8x16.narrow_i16x8_u (v128.load offset=96 (local.get $at)) (v128.load offset=112 (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 128)))
      (local.set $outside
        (call $findOutside
          (call $match (local.get $a) (local.get $b) (local.get $c) (local.get $d) (i8x16.splat (i32.const 0x22)))
          (call $match (local.get $a) (local.get $b) (local.get $c) (local.get $d) (i8x16.splat (i32.const 0x5c)))))
      ;; With this bit an array's brackets are an object's.
      (local.set $a (v128.or (local.get $a) (i8x16.splat (i32.const 0x20))))
      (local.set $b (v128.or (local.get $b) (i8x16.splat (i32.const 0x20))))
      (local.set $c (v128.or (local.get $c) (i8x16.splat (i32.const 0x20))))
      (local.set $d (v128.or (local.get $d) (i8x16.splat (i32.const 0x20))))
      (local.set $openers
        (i64.and
          (local.get $outside)
          (call $match (local.get $a) (local.get $b) (local.get $c) (local.get $d) (i8x16.splat (i32.const 0x7b)))))
      (local.set $closers
        (i64.and
          (local.get $outside)
          (call $match (local.get $a) (local.get $b) (local.get $c) (local.get $d) (i8x16.splat (i32.const 0x7d)))))
      ;; Where all openers of a block would not be too many, their order does not matter.
      (if (i32.gt_s (i32.add (global.get $depth) (i32.wrap_i64 (i64.popcnt (local.get $openers)))) (local.get $levels))
        (then
          (if (call $walk (local.get $openers) (local.get $closers) (local.get $levels)) (then (return (i32.const 1)))))
        (else
          (global.set $depth
            (i32.sub
              (i32.add (global.get $depth) (i32.wrap_i64 (i64.popcnt (local.get $openers))))
              (i32.wrap_i64 (i64.popcnt (local.get $closers)))))))
      (br $nextBlock))
    (unreachable))

  ;; Which units of a block are a character.
  (func $match (param $a v128) (param $b v128) (param $c v128) (param $d v128) (param $character v128) (result i64)
    (i64.or
      (i64.or
        (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $a) (local.get $character))))
        (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $b) (local.get $character)))) (i64.const 16)))
      (i64.or
        (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $c) (local.get $character)))) (i64.const 32))
        (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $d) (local.get $character)))) (i64.const 48)))))

  ;; Which units of a block are outside of strings, or end one.
  (func $findOutside (param $quotes i64) (param $backslashes i64) (result i64)
    (local $inside i64)
    (if (i64.ne (i64.or (local.get $backslashes) (global.get $isEscaped)) (i64.const 0))
      (then
        (local.set $quotes
          (i64.and (local.get $quotes) (i64.xor (call $findEscaped (local.get $backslashes)) (i64.const -1))))))
    ;; From each quote on all bits are turned over, so that those from an opening to its closing quote are set.
    (local.set $inside (i64.xor (local.get $quotes) (i64.shl (local.get $quotes) (i64.const 1))))
    (local.set $inside (i64.xor (local.get $inside) (i64.shl (local.get $inside) (i64.const 2))))
    (local.set $inside (i64.xor (local.get $inside) (i64.shl (local.get $inside) (i64.const 4))))
    (local.set $inside (i64.xor (local.get $inside) (i64.shl (local.get $inside) (i64.const 8))))
    (local.set $inside (i64.xor (local.get $inside) (i64.shl (local.get $inside) (i64.const 16))))
    (local.set $inside (i64.xor (local.get $inside) (i64.shl (local.get $inside) (i64.const 32))))
    (local.set $inside (i64.xor (local.get $inside) (global.get $inString)))
    (global.set $inString (i64.shr_s (local.get $inside) (i64.const 63)))
    (i64.xor (local.get $inside) (i64.const -1)))

  ;; Which units of a block follow a backslash that is not escaped itself.
  (func $findEscaped (param $backslashes i64) (result i64)
    (local $followers i64) (local $oddStarts i64) (local $ends i64)
    (local.set $backslashes (i64.and (local.get $backslashes) (i64.xor (global.get $isEscaped) (i64.const -1))))
    (local.set $followers (i64.or (i64.shl (local.get $backslashes) (i64.const 1)) (global.get $isEscaped)))
    ;; Runs of backslashes that begin at an odd place. Adding one to a run carries its bit to the place behind it.
    (local.set $oddStarts
      (i64.and
        (i64.and (local.get $backslashes) (i64.const 0xaaaa_aaaa_aaaa_aaaa))
        (i64.xor (local.get $followers) (i64.const -1))))
    (local.set $ends (i64.add (local.get $oddStarts) (local.get $backslashes)))
    (global.set $isEscaped (i64.extend_i32_u (i64.lt_u (local.get $ends) (local.get $oddStarts))))
    ;; What follows a run's odd backslashes is escaped: those at even places, or at odd ones in a run that begins at such a place.
    (i64.and
      (i64.xor (i64.const 0x5555_5555_5555_5555) (i64.shl (local.get $ends) (i64.const 1)))
      (local.get $followers)))

  ;; Goes through the brackets of a block one by one. Answers 1 as soon as there are too many levels, else 0.
  (func $walk (param $openers i64) (param $closers i64) (param $levels i32) (result i32)
    (local $brackets i64) (local $lowest i64)
    (local.set $brackets (i64.or (local.get $openers) (local.get $closers)))
    (loop $nextBracket
      (if (i64.eqz (local.get $brackets)) (then (return (i32.const 0))))
      (local.set $lowest (i64.and (local.get $brackets) (i64.sub (i64.const 0) (local.get $brackets))))
      (local.set $brackets (i64.xor (local.get $brackets) (local.get $lowest)))
      (if (i64.eqz (i64.and (local.get $openers) (local.get $lowest)))
        (then (global.set $depth (i32.sub (global.get $depth) (i32.const 1))))
        (else
          (global.set $depth (i32.add (global.get $depth) (i32.const 1)))
          (if (i32.gt_s (global.get $depth) (local.get $levels)) (then (return (i32.const 1))))))
      (br $nextBracket))
    (unreachable)))
