#!/bin/sh
# Makes the clips and snapshots of this folder again. Needs ffmpeg with libx264.
set -e
clip() { # size rate crf file
  ffmpeg -v error -y -f lavfi -i "testsrc2=size=$1:rate=$2:duration=2" -pix_fmt yuv420p -c:v libx264 -profile:v main \
    -preset veryslow -tune zerolatency -bf 0 -g "$2" -keyint_min "$2" -sc_threshold 0 -crf "$3" \
    -x264-params slices=1:sliced-threads=0:aud=0 -bsf:v filter_units=remove_types=6 -f h264 "$4"
}
clip 1280x720 25 38 main.h264
clip 640x360 15 36 sub.h264
for n in 0 1 2 3; do
  ffmpeg -v error -y -f lavfi -i testsrc2=size=320x180:rate=2:duration=2 -vf "select=eq(n\,$n)" -frames:v 1 -q:v 12 "frame-$n.jpg"
done
