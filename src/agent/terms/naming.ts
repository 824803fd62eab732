/** Words that name models, and parts of compound words that name nothing. */
import { wordSet } from './words.ts';

/** Kinds of models: said of a store only where a finding has them. */
export const MODEL_NAMES = wordSet(
  `xgboost lightgbm catboost adaboost svm svms knn resnet resnet50 vgg bert gpt transformer transformers lstm gru unet mobilenet
   perceptrons autoencoder adam adamw sgd rmsprop lasso`,
);

export const COMPOUND_STARTS = wordSet(
  `non well long short mid semi multi self pre post sub anti inter intra cross half runner trade early late hyper pair side day week
   month year front close hard full part real random gradient logistic decision neural deep hold fine set stand look roll
   two-way grid log leaf tie stop like mean per quasi ultra super vice single double triple near par head neck face point place
   word line open must would have make check time ground right left brand state rule cut by-product main sharp round one-off`,
);

export const COMPOUND_ENDS = wordSet(
  `and the off out down wide free based like level term scale side end loss rate score way fold sized sample samples tail line place
   point points class half mark step set case hand fit boost forest regression search tree trees boosting world art house list row
   column figure digit digits part parts plus minus less weight size depth check value hoc facto versus wise second hour minute day
   week month year place-holder neck back beat wins ups data effect fact user users seed phase length width band spot note notes
   thin thick cold hot warm dead dry wet open shut force finish state shell break start stop tight close flat steep deep dive check proof led bound born heavy light strong weak
   leaf log grid shot scope aware proof runner changer loser winner keeper number order paper layer member filter later lower higher upper over under user other outlier scorer placer specific friendly prone rich poor neutral`,
);

/** Behind "user" or "by" they are nobody's name. */
export const NO_USERS = wordSet(
  'who which that tag field column is was of for and has name names default anyone itself hand chance design definition',
);

/** What may be said to be best without being anybody's name. */
export const COMMON_SUBJECTS = wordSet(
  `it this that which what one ones run runs value values result results score scores here there who he she they former
   latter winner leader rest other others gap difference everything nothing metric metrics group groups experiment
   experiments direction higher lower mean median best worst top first second third last loss accuracy latency duration
   algorithm algorithms parameter parameters answer status order list ranking rank lead margin question spread range share
   rate error runner-up champion week weeks model models overall place position fourth fifth side same entry pick verdict
   finding test association relation relationship correlation curve curves number total count forest boosting regression`,
);
