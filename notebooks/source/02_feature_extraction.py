# %% [markdown] name="the-task" lang="en"
# ## The task
#
# A shelter wants its new pictures sorted into cats and dogs. It has few labelled pictures: far too few to
# teach a large network what fur, eyes and ears look like.
#
# A pretrained model has already learned to see such things, on other pictures. We borrow its eyes and train only the
# last step: the decision.
#
# The same call loads drawn pictures in the mini edition and photographs in the full one. A file that cannot be read,
# or that appears twice, is left out and named.

# %% [markdown] name="the-task" lang="tr" en="5b4061c3"
# ## Görev
#
# Bir barınak, yeni gelen resimleri kediler ve köpekler diye ayırmak istiyor. Elinde az sayıda etiketli resim var:
# büyük bir ağa tüyün, gözün, kulağın neye benzediğini öğretmek için çok az.
#
# Önceden eğitilmiş bir model bunları görmeyi başka resimlerde çoktan öğrendi. Onun gözlerini ödünç alıyor, yalnızca
# son adımı, yani kararı eğitiyoruz. Bu yola öznitelik çıkarma (feature extraction) denir.
#
# Aynı çağrı mini sürümde çizilmiş resimleri, tam sürümde fotoğrafları yükler. Okunamayan ya da yinelenen bir
# dosya dışarıda bırakılır ve adıyla bildirilir.

# %% name="imports"
import time

import keras
import numpy as np
import tensorflow as tf

from tl_helpers.base_models import load_base_model, parameter_counts
from tl_helpers.baselines import majority_accuracy, pixel_classifier, small_pixels
from tl_helpers.evaluation import accuracy, chance_loss, confusion_matrix
from tl_helpers.evaluation import most_confident_mistakes, predicted_classes, probabilities
from tl_helpers.interactive import explore
from tl_helpers.messages import message, number, percent
from tl_helpers.pictures import load_pictures
from tl_helpers.plots import class_name, show_comparison, show_confusion, show_learning_curves, show_pictures
from tl_helpers.results import show_results

# %% name="load"
splits = load_pictures("cats_and_dogs", edition)
print(message("pictures.left_out", count=len(splits.left_out)))
for left_out in splits.left_out[:5]:
    print(message("pictures.left_out_line", name=left_out.name, reason=left_out.reason))

# %% name="gallery"
train, validation, test = splits.train, splits.validation, splits.test
captions = [class_name(train.class_names[label]) for label in train.labels[:12]]
show_pictures(train.images[:12], captions, message("feature_extraction.gallery"))

# %% [markdown] name="three-sets" lang="en"
# ### Three sets, three jobs
#
# The **training set** teaches, the **validation set** helps us choose, the **test set** reports, once, at the end. Of the
# pictures **held out** from training, a fifth becomes the test set, class by class, always the same.
#
# A picture in two sets would be **data leakage**, so we look for exact copies.

# %% [markdown] name="three-sets" lang="tr" en="d97e4465"
# ### Üç küme, üç iş
#
# **Eğitim kümesi** öğretir, **doğrulama kümesi** seçim yapmamıza yardım eder, **test kümesi** ise en sonda, bir kez sonucu
# bildirir. Eğitim dışında tutulan resimlerin (**held out**) beşte biri, her sınıftan aynı oranda ve hep aynı resimler olmak
# üzere, test kümesi olur.
#
# Bir resmin iki kümede birden bulunması **veri sızıntısı** olurdu; tıpatıp aynı resimleri bu yüzden arıyoruz.

# %% name="counts" tags=["exact"]
for name, split in (("train", train), ("validation", validation), ("test", test)):
    per_class = np.bincount(split.labels)
    listed = ", ".join(f"{class_name(c)} {n}" for c, n in zip(split.class_names, per_class))
    print(message("pictures.counts", split=message(f"splits.{name}"), total=len(split), classes=listed))
seen = [{image.tobytes() for image in split.images} for split in (train, validation, test)]
overlaps = [len(seen[0] & seen[1]), len(seen[0] & seen[2]), len(seen[1] & seen[2])]
print(overlaps)
assert overlaps == [0, 0, 0]

# %% [markdown] name="pipeline" lang="en"
# ## Feeding the pictures
#
# `tf.data` hands the model one batch after the other; `shuffle` changes the order every epoch, `prefetch` prepares the
# next batch meanwhile.
#
# Picture files are compressed. `cache()` keeps each picture once it is unpacked; ours already lie unpacked in memory. In
# the second cell below we read the same compressed pictures twice: how will the times compare?

# %% [markdown] name="pipeline" lang="tr" en="96d245ef"
# ## Resimleri modele vermek
#
# `tf.data` resimleri modele yığınlar (batch) hâlinde verir; `shuffle` sırayı her dönemde (epoch) değiştirir, `prefetch` bu
# arada bir sonraki yığını hazırlar.
#
# Resim dosyaları sıkıştırılmıştır. `cache()` açılan her resmi önbellekte tutar; bizim resimlerimiz bellekte zaten açılmış
# durumda. Aşağıdaki ikinci hücrede aynı sıkıştırılmış resimleri iki kez okuyoruz: sizce iki süre nasıl karşılaştırılır?


# %% name="as-dataset" tags=["exact"]
def as_dataset(pictures, batch_size=32, shuffle=False, seed=0):
    dataset = tf.data.Dataset.from_tensor_slices((pictures.images, pictures.labels))
    if shuffle:
        dataset = dataset.shuffle(len(pictures), seed=seed)
    dataset = dataset.map(lambda image, label: (tf.cast(image, tf.float32), label)).batch(batch_size)
    return dataset.prefetch(tf.data.AUTOTUNE)


for images, labels in as_dataset(train).take(1):
    print(images.shape, labels.shape, images.dtype.name)

# %% name="cache"
files = [tf.io.encode_jpeg(tf.image.resize(image, (480, 480), "nearest")).numpy() for image in train.images[:200]]
cached = tf.data.Dataset.from_tensor_slices(files).map(tf.io.decode_jpeg).cache()
for epoch in (1, 2):
    start = time.perf_counter()
    pictures_read = sum(1 for _ in cached)
    milliseconds = 1000 * (time.perf_counter() - start)
    print(message("feature_extraction.epoch_time", epoch=epoch, time=number(milliseconds), count=pictures_read))

# %% [markdown] name="augmentation" lang="en"
# ## Data augmentation
#
# A cat seen in a mirror, or with its head tilted, is still a cat. Data augmentation shows the model such variants, in
# training only, so that few pictures go further; the layer knows by its `training` argument. How far may we turn a picture
# before it helps no more? Move the sliders.

# %% [markdown] name="augmentation" lang="tr" en="9da408dd"
# ## Veri artırma
#
# Aynada görülen ya da başını eğmiş bir kedi yine kedidir. Veri artırma, modele yalnızca eğitim sırasında böyle çeşitlemeler
# gösterir; az resim de böylece daha çok işe yarar. Katman, eğitimde olup olmadığını `training` argümanından anlar. Bir resmi,
# artık işe yaramaz olmadan ne kadar döndürebiliriz? Kaydırıcıları oynatın.

# %% name="augmentation-explorer"
from tl_helpers.explorers import draw_threshold, draw_variants, flip_names

controls = {message("explorers.rotation"): (0.0, 0.05, 0.1, 0.25, 0.5), message("explorers.flip"): flip_names()}
explore(lambda *chosen: draw_variants(train.images[0], *chosen), controls, start=(0.1, flip_names()[1]))

# %% name="augment"
augmentation = keras.Sequential([keras.layers.RandomFlip("horizontal"), keras.layers.RandomRotation(0.1)])
picture = train.images[:1].astype("float32")
assert np.array_equal(augmentation(picture, training=False), picture)
assert not np.array_equal(augmentation(picture, training=True), picture)

# %% [markdown] name="base-model" lang="en"
# ## Preprocessing inside the model
#
# Pixels run from 0 to 255, but MobileNetV2 was trained on numbers from -1 to 1. We make the conversion a layer of the
# model, so that nobody who uses it can forget it. ResNet50, for instance, wants the mean of each channel subtracted
# instead.
#
# ## The base model
#
# Now the borrowed eyes: MobileNetV2 without its last layer. It turns a picture into a **feature map**, a small grid with
# many numbers in each field. The mini edition's is narrow: about a third of the channels in each layer but the last. What
# do you guess: how many parameters does it have?

# %% [markdown] name="base-model" lang="tr" en="3e6ca5eb"
# ## Ön işleme modelin içinde
#
# Piksel değerleri 0 ile 255 arasındadır, oysa MobileNetV2, -1 ile 1 arasındaki sayılarla eğitildi. Dönüşümü modelin bir
# katmanı yapıyoruz; böylece modeli kullanan hiç kimse bunu unutamaz. Örneğin ResNet50 bunun yerine her kanalın
# ortalamasının çıkarılmasını ister.
#
# ## Temel model
#
# Şimdi sıra ödünç aldığımız gözlerde: son katmanı çıkarılmış MobileNetV2. Bir resmi **öznitelik haritasına** (feature
# map) çevirir: her karesinde pek çok sayı bulunan küçük bir ızgaraya. Mini sürümdeki dardır: son katman dışında her
# katmanda kanalların yaklaşık üçte biri vardır. Sizce kaç parametresi vardır?

# %% name="load-base" tags=["exact"]
preprocess = keras.layers.Rescaling(1 / 127.5, offset=-1)
base_model = load_base_model("MobileNetV2", edition)
print(preprocess(np.array([0.0, 127.5, 255.0])).numpy(), number(base_model.count_params()))
print(base_model.input_shape, base_model.output_shape)

# %% [markdown] name="light" lang="en"
# ### What makes it light
#
# A normal convolution looks at positions and mixes channels in one go. A **depthwise separable convolution** does it
# in two cheap steps: one filter per channel, then a mix of channels at each position.
#
# MobileNetV2 stacks such convolutions in **inverted residual** blocks: widen the channels, filter them, then squeeze
# them through a narrow linear bottleneck, without activation, which would throw information away; where the sizes
# match, the block's input is added to its output.
#
# Below the drawing we count the weights with 3×3 filters and 96 channels in and out, then the blocks: how many times fewer
# weights do you expect?

# %% [markdown] name="light" lang="tr" en="ad72cbd1"
# ### Onu hafif yapan nedir?
#
# Olağan bir evrişim konumlara bakmayı ve kanalları karıştırmayı tek adımda yapar. **Derinlemesine ayrılabilir evrişim**
# (depthwise separable convolution) bunu iki ucuz adımda yapar: önce her kanala bir filtre, ardından her konumda
# kanalların karışımı.
#
# MobileNetV2 bu evrişimleri **ters artık bloklar** (inverted residual) hâlinde üst üste dizer: kanalları genişletir,
# süzer, sonra dar ve doğrusal bir darboğazdan geçirir (burada etkinleştirme yoktur, bilgi yitirilirdi); boyutlar
# uyuyorsa bloğun girişini çıkışına ekler.
#
# Çizimin altında 3×3 filtreler ve giriş ile çıkışta 96'şar kanal için ağırlıkları, sonra da blokları sayıyoruz: sizce
# kaç kat daha az ağırlık gerekir?

# %% name="block-figure"
from tl_helpers.block_figures import draw_mobilenet_block

draw_mobilenet_block(base_model)

# %% name="separable" tags=["exact"]
channels = keras.Input((8, 8, 96))
standard = keras.layers.Conv2D(96, 3, use_bias=False)
separable = keras.layers.SeparableConv2D(96, 3, use_bias=False)
standard(channels), separable(channels)
counts = {"standard": standard.count_params(), "separable": separable.count_params()}
times = number(counts["standard"] / counts["separable"], 1)
print(message("feature_extraction.standard", times=times, **{name: number(n) for name, n in counts.items()}))
depthwise = [layer for layer in base_model.layers if isinstance(layer, keras.layers.DepthwiseConv2D)]
residual = [layer for layer in base_model.layers if isinstance(layer, keras.layers.Add)]
print(message("feature_extraction.blocks", blocks=len(depthwise), residual=len(residual)))

# %% [markdown] name="new-head" lang="en"
# ## A new head on a frozen base
#
# **Global average pooling** takes the mean of each channel over all positions. What remains is one number per channel:
# the picture's features.
#
# We freeze the base and put a **head** on it: dropout, then one dense layer with one output. The output is a
# **logit**, a raw score: above 0 means dog, below 0 means cat.
#
# `training=False` runs the base as in use, its batch-normalization statistics included. How many numbers are left to
# train, if there are 1280 features?

# %% [markdown] name="new-head" lang="tr" en="9b4b59fb"
# ## Dondurulmuş temel modele yeni bir başlık
#
# **Küresel ortalama havuzlama** (global average pooling) her kanalın bütün konumlardaki ortalamasını alır. Geriye kanal
# başına bir sayı kalır: resmin öznitelikleri.
#
# Temel modeli donduruyor, üstüne bir **sınıflandırma başlığı** (head) takıyoruz: seyreltme (dropout), ardından tek
# çıkışlı bir yoğun katman. Çıkış bir **logit**, yani ham, ölçeklenmemiş bir skordur: 0'dan büyükse köpek, 0'dan küçükse
# kedi demektir.
#
# `training=False` temel modeli kullanımdaki gibi çalıştırır; yığın normalleştirme (batch normalization) istatistikleri
# de öyle kalır. 1280 öznitelik varsa eğitilecek kaç sayı kalır?

# %% name="pool" tags=["exact"]
feature_map = base_model(preprocess(train.images[:2].astype("float32")), training=False)
pooled = keras.layers.GlobalAveragePooling2D()(feature_map)
print(feature_map.shape, pooled.shape)
np.testing.assert_allclose(pooled, np.mean(feature_map, axis=(1, 2)), atol=1e-5)

# %% name="build" tags=["exact"]
base_model.trainable = False
inputs = keras.Input(base_model.input_shape[1:])  # (size, size, 3)
features = base_model(preprocess(augmentation(inputs)), training=False)
features = keras.layers.GlobalAveragePooling2D()(features)
features = keras.layers.Dropout(0.2)(features)
model = keras.Model(inputs, keras.layers.Dense(1, name="head")(features))
counts = parameter_counts(model)
print({name: number(count) for name, count in counts.items()})
assert counts["trainable"] == base_model.output_shape[-1] + 1

# %% [markdown] name="before-training" lang="en"
# ## Evaluate before training
#
# A new head knows nothing. We ask 20 such heads. Which accuracy do you expect on average, on two equally large classes,
# and which loss? Giving every picture a probability of one half costs $\ln 2$.
#
# The last layer has no activation, so the loss is told `from_logits=True`; accuracy uses logit 0 as its threshold.

# %% [markdown] name="before-training" lang="tr" en="f1d9da4f"
# ## Eğitimden önce değerlendirin
#
# Yeni bir başlık hiçbir şey bilmez. Böyle 20 başlığa soruyoruz. Eşit büyüklükteki iki sınıfta ortalama olarak nasıl bir
# doğruluk ve nasıl bir kayıp beklersiniz? Her resme yarı yarıya olasılık vermenin kaybı $\ln 2$ olur.
#
# Son katmanın etkinleştirme fonksiyonu yok; bu yüzden kayıp fonksiyonuna `from_logits=True` diyoruz. Doğrulukta eşik logit
# 0'dır.


# %% name="compile"
def compile_classifier(model, learning_rate=1e-3):
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    metric = keras.metrics.BinaryAccuracy(threshold=0.0, name="accuracy")
    model.compile(keras.optimizers.Adam(learning_rate), loss=loss, metrics=[metric])
    return model


model = compile_classifier(model)

# %% name="untrained-heads"
few = validation.take(np.arange(0, len(validation), 4))
feature_maps = base_model.predict(preprocess(few.images.astype("float32")), verbose=0)
random_logits = keras.layers.Dense(20)(feature_maps.mean(axis=(1, 2))).numpy()  # (n, 20)
right = (random_logits > 0) == few.labels[:, None]
loss = keras.losses.BinaryCrossentropy(from_logits=True)(np.tile(few.labels[:, None], 20), random_logits)
shown = {"accuracy": percent(right.mean()), "loss": number(float(loss), 3), "chance": number(chance_loss(2), 3)}
print(message("feature_extraction.untrained", **shown))
assert 0.4 < right.mean() < 0.6
assert loss > 0.95 * chance_loss(2)

# %% [markdown] name="train" lang="en"
# ## Train the head
#
# Before we start, we keep a copy of the base's weights: afterwards we want proof, not hope, that it was frozen.
# Which curve will be higher, training or validation?

# %% [markdown] name="train" lang="tr" en="df448402"
# ## Başlığı eğitmek
#
# Başlamadan önce temel modelin ağırlıklarının bir kopyasını saklıyoruz: sonunda gerçekten dondurulmuş olduğunu ummak
# değil, kanıtlamak istiyoruz. Sizce hangi eğri daha yukarıda olacak: eğitim mi, doğrulama mı?

# %% name="fit"
weights_before = [weight.copy() for weight in base_model.get_weights()]
start = time.perf_counter()
history = model.fit(as_dataset(train, shuffle=True), validation_data=as_dataset(validation), epochs=6, verbose=0)
seconds_on_pictures = (time.perf_counter() - start) / 6
show_learning_curves(history.history)
for before, after in zip(weights_before, base_model.get_weights(), strict=True):
    np.testing.assert_array_equal(before, after)
print(message("feature_extraction.frozen_proof", count=len(weights_before)))

# %% [markdown] name="validation-ahead" lang="en"
# ### When validation beats training
#
# It looks odd, but has two reasons. Dropout and augmentation make training harder, and act only there. And the
# training figure is a mean over the epoch, while the model was still getting better. Measured the same way, the
# comparison is fair:

# %% [markdown] name="validation-ahead" lang="tr" en="5e7ea4b0"
# ### Doğrulama, eğitimin önüne geçerse
#
# Tuhaf görünür ama iki nedeni vardır. Seyreltme ile veri artırma, eğitimi zorlaştırır ve yalnızca eğitim sırasında
# etkindir. Ayrıca eğitim değeri, model daha gelişirken dönem boyunca alınan bir ortalamadır. Aynı biçimde ölçünce
# karşılaştırma adil olur:

# %% name="fair-accuracy"
measured = model.evaluate(as_dataset(train), verbose=0, return_dict=True)
during, afterwards = history.history["accuracy"][-1], history.history["val_accuracy"][-1]
shares = {"during": percent(during), "train": percent(measured["accuracy"]), "validation": percent(afterwards)}
print(message("feature_extraction.fair", **shares))

# %% [markdown] name="features-once" lang="en"
# ## Features once, head many times
#
# The base is frozen, so without augmentation it gives a picture the same features in every epoch. Why compute them
# again? We push every picture through the base once and keep the result.
#
# `extract_features` gives what `extractor` in the next cell gives, with whichever engine (Keras or LiteRT) is ready
# soonest. It keeps the result on disk for the next run.
#
# Is the shortcut honest? The trained head on kept features must give what the whole model gives on pictures.
#
# The price: kept features come from unchanged pictures, so this head is trained without augmentation. It is the one
# that we go on with. How much faster will an epoch be? Make a guess.

# %% [markdown] name="features-once" lang="tr" en="7efad732"
# ## Öznitelikler bir kez, başlık pek çok kez
#
# Temel model dondurulmuş olduğundan, veri artırma yoksa bir resim için her dönemde aynı öznitelikleri üretir. Neden
# yeniden hesaplayalım? Her resmi temel modelden bir kez geçirip sonucu saklıyoruz.
#
# `extract_features`, sonraki hücredeki `extractor` modelinin verdiği sonucu verir; bunun için motorlardan (Keras ya da
# LiteRT) en erken bitirecek olanı kullanır. Sonucu bir sonraki çalıştırma için diskte saklar.
#
# Bu kestirme yola güvenebilir miyiz? Eğitilmiş başlık, saklanan özniteliklerle, modelin bütününün resimlerle verdiği
# sonucun aynısını vermelidir.
#
# Bunun bedeli: saklanan öznitelikler değiştirilmemiş resimlerden gelir, yani bu başlık veri artırma olmadan eğitilir.
# Bundan sonra onunla devam ediyoruz. Bir dönem kaç kat hızlanacak? Önce tahmin edin.

# %% name="extract"
from tl_helpers.features import extract_features

inputs = keras.Input(base_model.input_shape[1:])
feature_map = base_model(preprocess(inputs), training=False)
extractor = keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(feature_map))
start = time.perf_counter()
train_features = extract_features(base_model, preprocess, train.images)
seconds_for_features = time.perf_counter() - start
validation_features = extract_features(base_model, preprocess, validation.images)
few_features = extractor.predict(validation.images[:64], verbose=0)
np.testing.assert_allclose(validation_features[:64], few_features, atol=1e-3)

# %% name="cached-equals-uncached" tags=["exact"]
whole_model = model.predict(validation.images[:64], verbose=0)
on_features = model.get_layer("head")(validation_features[:64])
np.testing.assert_allclose(on_features, whole_model, atol=1e-3)
print(on_features.shape)

# %% name="train-head"
from tl_helpers.session import fix_seeds


def train_head(features, labels, epochs=20, learning_rate=1e-3, **fit):
    layers = [keras.Input(features.shape[1:]), keras.layers.Dropout(0.2), keras.layers.Dense(1, name="head")]
    head = compile_classifier(keras.Sequential(layers), learning_rate)
    return head, head.fit(features, labels, epochs=epochs, verbose=0, **fit)


fix_seeds(0)
held_out = (validation_features, validation.labels)
start = time.perf_counter()
head, head_history = train_head(train_features, train.labels, validation_data=held_out)
seconds_on_features = (time.perf_counter() - start) / 20
show_learning_curves(head_history.history)

# %% name="speed-up"
faster = number(seconds_on_pictures / seconds_on_features)
print(message("feature_extraction.speed_up", times=faster, once=number(seconds_for_features, 1)))
assert seconds_on_features < seconds_on_pictures

# %% [markdown] name="wrong-range" lang="en"
# ## What a wrong range costs
#
# Suppose somebody forgets the preprocessing, or scales to 0–1 instead. Nothing crashes, no warning appears. The head
# was trained on the right range; only now, in use, the pictures come in another. Which will cost more: 0–1 or 0–255?

# %% [markdown] name="wrong-range" lang="tr" en="0b338502"
# ## Yanlış aralığın bedeli
#
# Diyelim ki biri ön işlemeyi unuttu ya da pikselleri 0–1 aralığına ölçekledi. Ne program çöker ne de bir uyarı çıkar.
# Başlık doğru aralıkla eğitildi; ancak şimdi, kullanımda, resimler başka bir aralıkta geliyor. Hangisi daha çok şey
# kaybettirir: 0–1 mi, 0–255 mi?

# %% name="range-cost"
wrongly_scaled = {"[-1, 1]": (1 / 127.5, -1.0), "[0, 1]": (1 / 255, 0.0), "[0, 255]": (1.0, 0.0)}
range_scores = {}
for name, (scale, offset) in wrongly_scaled.items():
    scaled = validation.images[:200] * np.float32(scale) + np.float32(offset)
    maps = base_model.predict(scaled, verbose=0)
    logits = head(maps.mean(axis=(1, 2)))
    range_scores[name] = float(np.mean((logits[:, 0] > 0) == validation.labels[:200]))
    print(message("feature_extraction.range_score", name=name, accuracy=percent(range_scores[name])))
assert range_scores["[-1, 1]"] > range_scores["[0, 255]"]

# %% [markdown] name="task-range" lang="en" tags=["task"]
# **Task.** A third base model was trained on pixels from 0 to 1. Which layer makes that of pixels from 0 to 255? Write the
# layer itself.
#
# - [?] One number is enough: the layer `Rescaling` multiplies by it.
# - [?] By what must 255 be multiplied to become 1?

# %% [markdown] name="task-range" lang="tr" en="732f5a00" tags=["task"]
# **Görev.** Üçüncü bir temel model, 0 ile 1 arasındaki piksellerle eğitilmiş. 0 ile 255 arasındaki pikselleri buna hangi
# katman çevirir? Katmanın kendisini yazın.
#
# - [?] Tek bir sayı yeter: `Rescaling` katmanı onunla çarpar.
# - [?] 255 neyle çarpılırsa 1 olur?

# %% name="check-range" tags=["exact"]
from tl_helpers.tasks import check

my_layer = None
check("02", "task-range", my_layer, lambda layer: np.allclose(layer(np.array([0.0, 51.0, 255.0])), [0, 0.2, 1]))

# %% [markdown] name="baselines" lang="en"
# ## Is it worth it? A fair comparison
#
# A score means little without a **baseline**. We ask simpler methods the same question: always the commonest class,
# logistic regression on pixels, and a small network trained from scratch. Write down the order that you expect.
#
# One run can be luck. So each method runs with three seeds, and each seed takes another 80 % of the training pictures,
# the same for all methods. Training accuracy is printed too: does the small network fail because it has not learned its
# pictures?

# %% [markdown] name="baselines" lang="tr" en="48653e41"
# ## Buna değer mi? Adil bir karşılaştırma
#
# Bir sonuç, **karşılaştırma modeli** (baseline) olmadan pek bir şey söylemez. Aynı soruyu daha basit yöntemlere de
# soruyoruz: hep en sık görülen sınıfı söylemek, piksellerle lojistik regresyon ve sıfırdan eğitilen küçük bir ağ.
# Beklediğiniz sıralamayı bir yere yazın.
#
# Tek bir çalıştırmanın sonucu şans eseri olabilir. Bu yüzden her yöntem üç tohum değeriyle çalışır; her tohum değeri
# eğitim resimlerinin başka bir %80'lik bölümünü alır ve bu bölüm bütün yöntemlerde aynıdır. Eğitim doğruluğu da
# yazdırılıyor: küçük ağ, resimlerini öğrenemediği için mi geride kalıyor?

# %% name="simple-baselines"
validation_pixels = small_pixels(validation.images)  # (n, 32 * 32 * 3)
majority = majority_accuracy(train.labels, validation.labels)
print(message("feature_extraction.majority", accuracy=percent(majority)))


def small_network(image_size):
    network = keras.Sequential([keras.Input((image_size, image_size, 3)), keras.layers.Rescaling(1 / 127.5, offset=-1)])
    network.add(keras.layers.AveragePooling2D(2))
    for filters in (16, 32, 64):
        network.add(keras.layers.Conv2D(filters, 3, padding="same", activation="relu"))
        network.add(keras.layers.MaxPooling2D())
    for layer in (keras.layers.Flatten(), keras.layers.Dropout(0.5), keras.layers.Dense(1, name="head")):
        network.add(layer)
    return network


# %% name="compare"
scores = {"pixels": [], "scratch": [], "frozen": []}
for seed in range(3):
    fix_seeds(seed)
    chosen = np.sort(np.random.default_rng(seed).permutation(len(train))[: int(0.8 * len(train))])
    part = train.take(chosen)
    pixels = pixel_classifier(part.images, part.labels)
    scratch = compile_classifier(small_network(edition.image_size), 2e-3)
    scratch.fit(as_dataset(part, shuffle=True, seed=seed), epochs=16, verbose=0)
    learned = percent(scratch.evaluate(as_dataset(part), verbose=0)[1])
    print(message("feature_extraction.train_score", seed=seed, accuracy=learned))
    frozen, _ = train_head(train_features[chosen], part.labels)
    scores["pixels"].append(pixels.score(validation_pixels, validation.labels))
    scores["scratch"].append(scratch.evaluate(as_dataset(validation), verbose=0)[1])
    scores["frozen"].append(frozen.evaluate(*held_out, verbose=0)[1])

# %% name="comparison"
named = {message(f"feature_extraction.{method}"): runs for method, runs in scores.items()}
show_comparison(named, message("feature_extraction.comparison"), message("feature_extraction.accuracy_axis"))
assert np.mean(scores["pixels"]) < np.mean(scores["scratch"]) < np.mean(scores["frozen"])

# %% [markdown] name="test-once" lang="en"
# The order tells the story of this course. Pixels know nothing of shapes. The small network learns its pictures well and
# still fails on many new ones. The frozen base brings features learned elsewhere; only the decision was learned here.
#
# ## The test set, once
#
# All choices are made: now the test set may speak. A logit becomes a probability through the sigmoid, and a decision
# through a threshold.
#
# A wrong answer given with great confidence teaches us most. For the gallery we add validation pictures, to have enough
# mistakes. Ears, muzzle or pose: what misled the model?

# %% [markdown] name="test-once" lang="tr" en="118efafd"
# Bu sıralama kursun öyküsünü anlatır. Pikseller biçimlerden habersizdir. Küçük ağ kendi resimlerini iyi öğrenir ama yeni
# resimlerin birçoğunda yanılır. Dondurulmuş temel model başka yerde öğrenilmiş öznitelikleri getirir; burada yalnızca
# karar öğrenildi.
#
# ## Test kümesi, bir kez
#
# Bütün seçimler yapıldı: artık test kümesi konuşabilir. Bir logit sigmoid ile olasılığa, olasılık da bir eşik ile karara
# dönüşür.
#
# En çok, büyük bir güvenle verilmiş yanlış yanıtlardan öğreniriz. Yeterince hata bulmak için galeriye doğrulama
# resimlerini de ekliyoruz. Kulaklar mı, burun mu, duruş mu: modeli ne yanılttı?

# %% name="evaluate-test"
from scipy.stats import binomtest

from tl_helpers.reference import show_reference

logits = head.predict(extract_features(base_model, preprocess, test.images), verbose=0)
answers = predicted_classes(logits)
test_accuracy = accuracy(test.labels, answers)
interval = binomtest(int(np.sum(answers == test.labels)), len(test)).proportion_ci(method="wilson")
shares = {"accuracy": percent(test_accuracy), "low": percent(interval.low), "high": percent(interval.high)}
print(message("feature_extraction.test_score", total=len(test), **shares))
show_confusion(confusion_matrix(test.labels, answers, 2), test.class_names)

# %% name="show-mistakes"
validation_logits = head.predict(validation_features, verbose=0)
every_logit = np.concatenate([logits, validation_logits])
pictures = np.concatenate([test.images, validation.images])
truth = np.concatenate([test.labels, validation.labels])
worst = most_confident_mistakes(truth, every_logit, 6)
said = [class_name(test.class_names[i]) for i in predicted_classes(every_logit[worst])]
sure = [percent(max(p, 1 - p), 0) for p in probabilities(every_logit[worst])]
true = [class_name(test.class_names[label]) for label in truth[worst]]
captions = [f"{right} →\n{name} {share}" for right, name, share in zip(true, said, sure)]
show_pictures(pictures[worst], captions, message("feature_extraction.mistakes"))

# %% [markdown] name="threshold" lang="en"
# ### Moving the threshold
#
# If a dog taken for a cat is the worse mistake, we say dog at a lower probability. Precision is the share of true
# dogs among the answers dog; recall is the share of dogs that we found. What does a lower threshold do to each?

# %% [markdown] name="threshold" lang="tr" en="52ea7ee4"
# ### Eşiği kaydırmak
#
# Bir köpeğe kedi demek daha kötü bir hataysa, köpek demek için daha düşük bir olasılıkla yetiniriz. Kesinlik
# (precision), köpek yanıtları içinde gerçekten köpek olanların oranıdır; duyarlılık (recall) ise bütün köpekler içinde
# bulduklarımızın oranıdır. Daha düşük bir eşik bunları nasıl etkiler?

# %% name="thresholds"
controls = {message("explorers.threshold"): [tenth / 10 for tenth in range(1, 10)]}
explore(lambda threshold: draw_threshold(threshold, validation, validation_logits), controls, start=(0.5,))
of_dogs = probabilities(validation_logits[validation.labels == 1])
assert np.all(np.diff([np.mean(of_dogs >= threshold) for threshold in (0.1, 0.5, 0.9)]) <= 0)

# %% [markdown] name="task-outputs" lang="en" tags=["task"]
# ## The last layer always changes
#
# The base was trained to name other things; its old last layer had one output for each of them. The new task has its
# own classes, so it gets its own last layer: one logit for two classes, otherwise one logit per class.
#
# **Task.** A teacher has five kinds of flowers. How many outputs does the head need?
#
# - [?] With more than two classes, each class gets a score of its own.
# - [?] Would one score be enough to tell three classes apart?

# %% [markdown] name="task-outputs" lang="tr" en="8ab7f300" tags=["task"]
# ## Son katman her zaman değişir
#
# Temel model başka şeyleri adlandırmak için eğitilmişti; eski son katmanında bunların her biri için bir çıkış vardı.
# Yeni görevin sınıfları farklıdır, son katmanı da öyle: iki sınıf için tek logit, daha çoğu için sınıf başına bir
# logit.
#
# **Görev.** Bir öğretmenin beş tür çiçeği var. Başlığa kaç çıkış gerekir?
#
# - [?] İkiden çok sınıf varsa her sınıfın kendi skoru olur.
# - [?] Üç sınıfı ayırmaya tek bir skor yeter miydi?

# %% name="check-outputs" tags=["exact"]
my_outputs = None
check("02", "task-outputs", my_outputs, lambda answer: answer == 5)

# %% [markdown] name="task-loss" lang="en" tags=["task"]
# **Task.** That flower head is new and knows nothing. Which loss do you expect before training? Write it as a formula,
# for example with `np.log`.
#
# - [?] For two classes it was $\ln 2$: each class had the same probability.
# - [?] The loss is minus the logarithm of the probability given to the true class.

# %% [markdown] name="task-loss" lang="tr" en="aae99622" tags=["task"]
# **Görev.** Bu çiçek başlığı yeni, daha hiçbir şey bilmiyor. Eğitimden önce hangi kaybı beklersiniz? Bir formülle
# yazın, örneğin `np.log` kullanın.
#
# - [?] İki sınıfta $\ln 2$ idi: her sınıfın olasılığı aynıydı.
# - [?] Kayıp, gerçek sınıfa verilen olasılığın eksi logaritmasıdır.

# %% name="check-loss" tags=["exact"]
my_loss = None
check("02", "task-loss", my_loss, lambda answer: np.isclose(answer, chance_loss(5), atol=0.01))

# %% [markdown] name="mistake-sigmoid" lang="en" tags=["task"]
# ## Find the mistake
#
# A colleague runs the first two lines of the next cell and is puzzled. About half of the pictures are cats, yet they count
# dogs only, though the model was trained well.
#
# **Task.** Write the share of dogs as it should be computed, from `outputs`.
#
# - [?] What does `probabilities` do to a logit, and what has it been given here the second time?
# - [?] A probability is never below 0, and the sigmoid of such a number is never below 0.5: one sigmoid is enough.

# %% [markdown] name="mistake-sigmoid" lang="tr" en="9167f0a1" tags=["task"]
# ## Hatayı bulun
#
# Bir arkadaşınız sonraki hücrenin ilk iki satırını çalıştırıyor ve şaşırıyor. Resimlerin yarısı kadarı kedi, oysa bu
# satırlar yalnızca köpek sayıyor; model ise iyi eğitilmişti.
#
# **Görev.** Köpeklerin oranını, `outputs` üzerinden, doğru hesaplanmış biçimiyle yazın.
#
# - [?] `probabilities` bir logite ne yapar, burada ikinci kez ona ne verilmiş?
# - [?] Bir olasılık hiçbir zaman 0'ın altında değildir; böyle bir sayının sigmoidi de 0,5'in altına inmez: tek bir sigmoid yeter.

# %% name="check-mistake" tags=["exact"]
outputs = probabilities(validation_logits)
print(percent(np.mean(probabilities(outputs) >= 0.5), 0))
my_share = None
check("02", "mistake-sigmoid", my_share, lambda answer: np.isclose(answer, np.mean(outputs >= 0.5)))

# %% [markdown] name="quiz" lang="en"
# ## Quiz
#
# Choose an answer, then read why it is right or not.

# %% [markdown] name="quiz" lang="tr" en="e31d3b87"
# ## Kısa sınav
#
# Bir yanıt seçin, sonra neden doğru ya da yanlış olduğunu okuyun.

# %% [markdown] name="quiz-trained" lang="en" tags=["quiz"]
# What is trained in feature extraction?
#
# - [ ] The whole network
#   No: we compared the base's weights before and after, and none had changed.
# - [x] Only the head
#   Yes: one weight for each feature, and one bias.
# - [ ] Nothing
#   No: the head's weights changed, and accuracy rose far above chance.

# %% [markdown] name="quiz-trained" lang="tr" en="5b3cf441" tags=["quiz"]
# Öznitelik çıkarmada ne eğitilir?
#
# - [ ] Bütün ağ
#   Hayır: temel modelin eğitimden önceki ve sonraki ağırlıklarını karşılaştırdık, hiçbiri değişmemişti.
# - [x] Yalnızca başlık
#   Evet: her öznitelik için bir ağırlık ve bir yanlılık terimi.
# - [ ] Hiçbir şey
#   Hayır: başlığın ağırlıkları değişti ve doğruluk rastgele düzeyin çok üstüne çıktı.

# %% [markdown] name="quiz-range" lang="en" tags=["quiz"]
# Why is preprocessing a layer of the model?
#
# - [ ] It makes training faster
#   No: the same numbers are computed either way.
# - [ ] Every base model wants the same range
#   No: they differ, which is one more reason to keep it inside.
# - [x] So that a saved model takes plain pictures
#   Yes: nobody can forget it or choose another range, and a wrong range costs accuracy without any error.

# %% [markdown] name="quiz-range" lang="tr" en="6a7d5ec6" tags=["quiz"]
# Ön işleme neden modelin bir katmanıdır?
#
# - [ ] Eğitimi hızlandırır
#   Hayır: her iki durumda da aynı sayılar hesaplanır.
# - [ ] Her temel model aynı aralığı ister
#   Hayır: aralıklar farklıdır; bu da ön işlemeyi içeride tutmak için bir neden daha.
# - [x] Kaydedilen model işlenmemiş resimleri alabilsin diye
#   Evet: kimse unutamaz ya da başka bir aralık seçemez; yanlış aralık ise hiçbir hata vermeden doğruluğu düşürür.

# %% [markdown] name="quiz-test" lang="en" tags=["quiz"]
# The test accuracy is disappointing. What may you do?
#
# - [x] Report it, and go on with new data
#   Yes: the test set speaks once.
# - [ ] Change the learning rate until the test improves
#   No: then the test set chooses, and nothing is left that reports honestly.
# - [ ] Move hard pictures to the training set
#   No: that is data leakage by hand.

# %% [markdown] name="quiz-test" lang="tr" en="a37d56d5" tags=["quiz"]
# Test doğruluğu hayal kırıklığı yarattı. Ne yapabilirsiniz?
#
# - [x] Sonucu bildirmek ve yeni veriyle devam etmek
#   Evet: test kümesi bir kez konuşur.
# - [ ] Test iyileşene kadar öğrenme oranını değiştirmek
#   Hayır: o zaman seçimi test kümesi yapar; dürüstçe sonuç bildirecek bir şey kalmaz.
# - [ ] Zor resimleri eğitim kümesine taşımak
#   Hayır: bu, elle yapılmış veri sızıntısıdır.

# %% name="key-results"
key_results = {message(f"feature_extraction.{method}"): float(np.mean(runs)) for method, runs in scores.items()}
more = {"test_accuracy": test_accuracy, "best_validation": head_history.history["val_accuracy"][-1]}
show_results(key_results | {message(f"feature_extraction.{name}"): value for name, value in more.items()})
show_reference("feature_extraction")

# %% [markdown] name="recap" lang="en"
# ## In this lesson we…
#
# - split the pictures into training, validation and test sets without one in common, and fed them to the model at the
#   scale that its base was trained on;
# - put a new head on a frozen base, and proved that no weight of the base had changed;
# - compared it over three seeds with pixels and with a network from scratch, and read its curves and its mistakes.
#
# **Read on:** [MobileNetV2](https://arxiv.org/abs/1801.04381), [transfer learning in the Keras
# guides](https://keras.io/guides/transfer_learning/).

# %% [markdown] name="recap" lang="tr" en="f0a73616"
# ## Bu derste…
#
# - resimleri, hiçbiri iki kümede birden bulunmayacak biçimde eğitim, doğrulama ve test kümelerine ayırdık ve modele,
#   temel modelin eğitildiği ölçekte verdik;
# - dondurulmuş bir temel modele yeni bir sınıflandırma başlığı taktık ve temel modelin hiçbir ağırlığının değişmediğini
#   kanıtladık;
# - bu modeli piksellerle ve sıfırdan eğitilen bir ağla, üç tohum değeri kullanarak karşılaştırdık; eğrilerini ve
#   hatalarını okuduk.
#
# **Okumaya devam:** [MobileNetV2](https://arxiv.org/abs/1801.04381), [Keras kılavuzlarında transfer
# öğrenimi](https://keras.io/guides/transfer_learning/).
