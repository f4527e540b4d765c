export {
  createPictures,
  type PicturePolicy,
  type PictureSubject,
  type PictureVerdict,
  picturePolicy,
} from './pictures.ts'
