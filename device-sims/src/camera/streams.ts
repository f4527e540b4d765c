/** The two streams of every camera: one clip each, one ONVIF media profile each. */
export type Stream = {
  token: string
  name: string
  path: string
  file: string
  width: number
  height: number
  fps: number
  kbps: number
}

export const streams: readonly [Stream, Stream] = [
  {
    token: 'Profile_1',
    name: 'mainStream',
    path: '/main',
    file: 'main.h264',
    width: 1280,
    height: 720,
    fps: 25,
    kbps: 1024,
  },
  {
    token: 'Profile_2',
    name: 'subStream',
    path: '/sub',
    file: 'sub.h264',
    width: 640,
    height: 360,
    fps: 15,
    kbps: 256,
  },
]
