# %% [markdown] name="the-task" lang="en"
# ## The task
#
# A garden club wants its pictures sorted into five kinds: daisy, dandelion, rose, sunflower and tulip. All that it takes
# we have seen before: a split, a frozen base, a new head, and fine-tuning.

# %% [markdown] name="the-task" lang="tr" en="cec95d13"
# ## Görev
#
# Bir bahçe kulübü, resimlerini beş türe ayırmak istiyor: papatya, karahindiba, gül, ayçiçeği ve lale. Gereken her şeyi
# önceki derslerde gördük: bölme, dondurulmuş bir temel model, yeni bir sınıflandırma başlığı (head) ve ince ayar
# (fine-tuning).

# %% [markdown] name="how-it-works" lang="en" tags=["exercise"]
# ### How it works
#
# Each task has an answer cell and a check cell. Replace `None` in the first, then run both, as often as you like. The
# check says what it found, and accepts every right way. After a change, run the cells below it again.
#
# Where an answer is missing or not yet right, the exercise goes on with the course's own: skip a task and come back.
#
# Leave the line `# answer: …` and the names that begin with `my_` as they are: they mark your answers.

# %% [markdown] name="how-it-works" lang="tr" en="bb38685e" tags=["exercise"]
# ### Nasıl işliyor
#
# Her görevin bir yanıt hücresi, bir de denetleme hücresi var. Birincisinde `None` yerine yanıtınızı yazın, sonra ikisini
# de istediğiniz kadar çalıştırın. Denetleme ne bulduğunu söyler ve her doğru yolu kabul eder. Bir şeyi değiştirdikten
# sonra aşağısındaki hücreleri de yeniden çalıştırın.
#
# Bir yanıt eksik ya da henüz doğru değilse alıştırma kursun kendi yanıtıyla devam eder: bir görevi atlayıp sonra geri
# dönebilirsiniz.
#
# `# answer: …` satırını ve `my_` ile başlayan adları olduğu gibi bırakın: yanıtlarınızı onlarla yeniden buluruz.

# %% [markdown] name="how-to-read" lang="en" tags=["solution"]
# ### How to read this solution
#
# Try the exercise first. Each of our answers is one right way of several; below it stand the reason, and the wrong turn
# that is taken most often. Our target: the fine-tuned model names at least 75 % of the test pictures rightly.

# %% [markdown] name="how-to-read" lang="tr" en="d9c01fb8" tags=["solution"]
# ### Bu çözüm nasıl okunur
#
# Önce alıştırmayı deneyin. Yanıtlarımızın her biri, birkaç doğru yoldan yalnızca biridir; altında nedeni ve en sık
# yapılan hata yazar. Hedefimiz: ince ayarlı model test resimlerinin en az %75'ini doğru adlandırsın.

# %% name="imports"
import keras
import numpy as np

from tl_helpers.base_models import load_base_model, parameter_counts, preprocessing
from tl_helpers.evaluation import accuracy, confusion_matrix, most_confident_mistakes, predicted_classes
from tl_helpers.features import extract_activations, extract_features
from tl_helpers.grading.given import begin, copied, load_second_base
from tl_helpers.grading.instant import grade, use
from tl_helpers.messages import message, percent
from tl_helpers.pictures import split_indices
from tl_helpers.plots import class_name, show_confusion, show_learning_curves, show_pictures
from tl_helpers.results import show_results
from tl_helpers.transfer import build_classifier, compile_classifier, train_head, unfreeze

# %% name="load"
given = begin(edition)
pictures = given.pictures
print([class_name(name) for name in pictures.class_names])
print(pictures.images.shape[1:], pictures.images.dtype.name)
shown = [np.flatnonzero(pictures.labels == label)[place] for place in range(2) for label in range(5)]
captions = [class_name(pictures.class_names[pictures.labels[i]]) for i in shown]
show_pictures(pictures.images[shown], captions, message("flowers.gallery"), columns=5)

# %% [markdown] name="split" lang="en" tags=["task"]
# ## Split and look
#
# **Task (3 points).** Divide the pictures into training, validation and test: 70, 15 and 15 percent, each class by itself
# (a **stratified split**). `pictures.labels` has the class of each picture; the pictures are sorted by class. Give three rows
# of positions, in this order.
#
# - [?] `train_test_split` of scikit-learn takes `stratify`; two calls make three parts. The course's `split_indices` does it
#   in one: it takes `list(pictures.names)` and the labels.
# - [?] Split `np.arange(len(pictures))`: first 70 percent against the rest, then the rest into halves, each time with the
#   labels of what is being split as `stratify`.

# %% [markdown] name="split" lang="tr" en="ea42fcb3" tags=["task"]
# ## Bölün ve bakın
#
# **Görev (3 puan).** Resimleri eğitim, doğrulama ve test olarak bölün: yüzde 70, 15 ve 15; her sınıfı kendi içinde
# (**tabakalı bölme**). `pictures.labels` her resmin sınıfını verir; resimler sınıflara göre sıralıdır. Eğitim, doğrulama ve
# test için, bu sırayla, üç konum dizisi verin.
#
# - [?] scikit-learn'ün `train_test_split` fonksiyonu `stratify` alır; iki çağrı üç parça yapar. Kursun `split_indices`
#   fonksiyonu bunu tek seferde yapar: `list(pictures.names)` ile etiketleri alır.
# - [?] `np.arange(len(pictures))` dizisini bölün: önce yüzde 70'i ayırın, sonra kalanı ikiye bölün; her seferinde
#   bölünenlerin etiketlerini `stratify` olarak verin.

# %% name="answer-split" tags=["answer"]
# answer: split
my_split = None
# BEGIN SOLUTION
my_split = split_indices(list(pictures.names), pictures.labels)
# END SOLUTION

# %% name="check-split" points=3
train, validation, test = use("split", my_split, given=given)
grade("split", my_split, given=given)

# %% [markdown] name="why-split" lang="en" tags=["solution"]
# By class, so that every part has the same share of each kind; by a hash of each picture's name, so that every machine gets the
# same split. **Common wrong turn:** cutting sorted pictures in order, which leaves a class out of training.

# %% [markdown] name="why-split" lang="tr" en="b128db97" tags=["solution"]
# Her parçada türlerin payı aynı olsun diye her sınıfı kendi içinde, her bilgisayarda aynı bölme çıksın diye
# de resim adlarının özet değerine (hash) göre böldük. **Sık yapılan hata:** sıralı resimleri sırayla kesmek; o zaman bir sınıf eğitimin
# dışında kalır.

# %% [markdown] name="counts" lang="en" tags=["task"]
# **Task (1 point).** How many *training* pictures has each class? From here on, `train`, `validation` and `test` have
# `images` and `labels`. Give five numbers, in the order of `pictures.class_names`, or a dictionary by name.
#
# - [?] Counting how often each label occurs is one call of NumPy.
# - [?] `np.bincount` counts the labels 0, 1, 2 … of an array.

# %% [markdown] name="counts" lang="tr" en="1759c8be" tags=["task"]
# **Görev (1 puan).** Her sınıfta kaç *eğitim* resmi var? Bundan sonra `train`, `validation` ve `test` içinde `images` ve
# `labels` bulunur. `pictures.class_names` sırasında beş sayı ya da ada göre bir sözlük verin.
#
# - [?] Her etiketin kaç kez geçtiğini NumPy tek çağrıda sayar.
# - [?] `np.bincount` bir dizideki 0, 1, 2 … etiketlerini sayar.

# %% name="answer-counts" tags=["answer"]
# answer: counts
my_counts = None
# BEGIN SOLUTION
my_counts = np.bincount(train.labels)
# END SOLUTION

# %% name="check-counts" points=1
grade("counts", my_counts, given=given)

# %% [markdown] name="preprocess" lang="en" tags=["task"]
# ## A head on a frozen base
#
# **Task (2 points).** MobileNetV2 was trained on numbers from -1 to 1; our pixels run from 0 to 255. Make the layer (or
# function) that converts a batch of pictures.
#
# - [?] Keras has a layer that multiplies by one number and adds another.
# - [?] 0 must become -1 and 255 must become 1: with `Rescaling(scale, offset)`, what are `0 * scale + offset` and
#   `255 * scale + offset`?

# %% [markdown] name="preprocess" lang="tr" en="add82e97" tags=["task"]
# ## Dondurulmuş temel modele bir başlık
#
# **Görev (2 puan).** MobileNetV2, -1 ile 1 arasındaki sayılarla eğitildi; piksellerimiz 0 ile 255 arasında. Bir yığın
# (batch) resmi dönüştüren katmanı (ya da fonksiyonu) yapın.
#
# - [?] Keras'ta bir sayıyla çarpıp başka bir sayı ekleyen bir katman var.
# - [?] 0'ın -1, 255'in 1 olması gerek: `Rescaling(scale, offset)` ile `0 * scale + offset` ve
#   `255 * scale + offset` kaç eder?

# %% name="answer-preprocess" tags=["answer"]
# answer: preprocess
my_preprocess = None
# BEGIN SOLUTION
my_preprocess = keras.layers.Rescaling(1 / 127.5, offset=-1)
# END SOLUTION

# %% name="check-preprocess" points=2
preprocess = use("preprocess", my_preprocess, given=given)
grade("preprocess", my_preprocess, given=given)

# %% [markdown] name="why-preprocess" lang="en" tags=["solution"]
# The range is the base's, not a matter of taste. **Common wrong turn:** `1 / 255`. Nothing fails and nothing warns us: to the
# base, every picture is pale.

# %% [markdown] name="why-preprocess" lang="tr" en="d29aff00" tags=["solution"]
# Aralığı temel model belirler, zevk değil. **Sık yapılan hata:** `1 / 255`. Hiçbir hata,
# hiçbir uyarı çıkmaz: temel model için her resim soluktur.

# %% name="load-base"
base_model = load_base_model("MobileNetV2", edition)
print(base_model.input_shape, base_model.output_shape)
second_base = load_second_base(given)
print(second_base.input_shape, second_base.output_shape)

# %% [markdown] name="model" lang="en" tags=["task"]
# **Task (4 points).** Build a model that takes plain pictures of 0–255: preprocessing, the frozen base (run with
# `training=False`), pooling, a head for five classes. How many parameters will be left to train?
#
# - [?] The order is `keras.Input`, `preprocess`, `base_model`, `GlobalAveragePooling2D`, `Dense`. Freeze before you build.
# - [?] `base_model.trainable = False`, and a last layer with one output a class: logits, without an activation, or
#   `softmax`. The last layer of lesson 02 had one output, for two classes.

# %% [markdown] name="model" lang="tr" en="2f65ab1f" tags=["task"]
# **Görev (4 puan).** 0–255 değerli, işlenmemiş resimleri alan bir model kurun: ön işleme, dondurulmuş temel model
# (`training=False` ile çalışsın), havuzlama, beş sınıf için bir başlık. Eğitilecek kaç parametre kalacak?
#
# - [?] Sıra: `keras.Input`, `preprocess`, `base_model`, `GlobalAveragePooling2D`, `Dense`. Kurmadan önce dondurun.
# - [?] `base_model.trainable = False`; son katmanda sınıf başına bir çıkış: etkinleştirmesiz (logit) ya da `softmax`. 02
#   numaralı derste iki sınıf için tek çıkış vardı.

# %% name="answer-model" tags=["answer"]
# answer: model
my_model = None
# BEGIN SOLUTION
base_model.trainable = False
inputs = keras.Input(base_model.input_shape[1:])  # (size, size, 3)
features = base_model(preprocess(inputs), training=False)
features = keras.layers.GlobalAveragePooling2D()(features)
features = keras.layers.Dropout(0.2)(features)
my_model = keras.Model(inputs, keras.layers.Dense(5, name="head")(features))
# END SOLUTION

# %% name="check-model" points=4
model = use("model", my_model, given=given)
print(parameter_counts(model))
grade("model", my_model, given=given)

# %% [markdown] name="why-model" lang="en" tags=["solution"]
# Five outputs, since the new task has five classes. Logits, so that one place, the loss, turns them into probabilities.
# **Common wrong turns:** `sigmoid` at the end, as if one picture could show several kinds; and forgetting to freeze.

# %% [markdown] name="why-model" lang="tr" en="052de22c" tags=["solution"]
# Beş çıkış, çünkü yeni görevin beş sınıfı var. Logit, çünkü olasılığa çevirme tek bir yerde, kayıp fonksiyonunda yapılır. **Sık
# yapılan hatalar:** sonda `sigmoid` (sanki bir resimde birkaç tür olabilirmiş gibi) ve dondurmayı unutmak.

# %% [markdown] name="compile" lang="en" tags=["task"]
# **Task (2 points).** Compile `model`: an optimizer with a learning rate that suits a new head, accuracy as metric, and a loss
# that fits three things: five classes, labels that are whole numbers, the last layer. Then assign it: `my_compiled = model`.
#
# - [?] Labels from 0 to 4 in one number, not in five: the loss begins with `Sparse`.
# - [?] If the last layer gives logits, the loss needs `from_logits=True`; after `softmax` it must not have it.

# %% [markdown] name="compile" lang="tr" en="83e1b6ab" tags=["task"]
# **Görev (2 puan).** `model` modelini derleyin: yeni bir başlığa uygun öğrenme oranıyla bir eniyileyici; beş sınıfa, tam
# sayı etiketlere *ve* son katmana uyan kayıp fonksiyonu; ölçü olarak doğruluk. Sonra atayın: `my_compiled = model`.
#
# - [?] 0'dan 4'e kadar etiketler beş sayıyla değil, tek sayıyla yazılmış: kayıp fonksiyonunun adı `Sparse` ile başlar.
# - [?] Son katman logit veriyorsa kayıp fonksiyonuna `from_logits=True` gerekir; `softmax` varsa verilmemelidir.

# %% name="answer-compile" tags=["answer"]
# answer: compile
my_compiled = None
# BEGIN SOLUTION
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(keras.optimizers.Adam(1e-3), loss=loss, metrics=["accuracy"])
my_compiled = model
# END SOLUTION

# %% name="check-compile" points=2
model = use("compile", my_compiled, given=given)
grade("compile", my_compiled, given=given)

# %% [markdown] name="why-compile" lang="en" tags=["solution"]
# Loss and last layer are one decision. **Common wrong turn:** logits without `from_logits=True`. Nothing fails, but the loss
# takes raw scores for probabilities, and the head learns badly:

# %% [markdown] name="why-compile" lang="tr" en="88c1ec9e" tags=["solution"]
# Kayıp fonksiyonu ile son katman tek bir karardır. **Sık yapılan hata:** `from_logits=True` demeden logit vermek. Hiçbir
# hata çıkmaz, ama kayıp fonksiyonu ham skorları olasılık sanır ve başlık kötü öğrenir:

# %% name="wrong-loss" tags=["solution"]
misled = keras.Sequential([keras.Input((20,)), keras.layers.Dense(5)])
examples = np.random.default_rng(0).normal(size=(500, 20))
classes = (examples @ np.random.default_rng(1).normal(size=(20, 5))).argmax(axis=1)
reached, start = {}, misled.get_weights()
for from_logits in (True, False):
    misled.set_weights(start)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=from_logits)
    misled.compile(keras.optimizers.Adam(1e-2), loss=loss, metrics=["accuracy"])
    reached[from_logits] = misled.fit(examples, classes, epochs=20, verbose=0).history["accuracy"][-1]
print({f"from_logits={told}": percent(share) for told, share in reached.items()})
assert reached[True] - reached[False] > 0.1

# %% [markdown] name="train" lang="en" tags=["task"]
# ## Train and read
#
# **Task (3 points).** Train the head of `model`, with `validation` as validation data, for at least five epochs. Keep the
# trained model and what `fit` returns. What accuracy do you expect of someone who guesses among five kinds?
#
# - [?] `model.fit(train.images, train.labels, validation_data=…, epochs=…)` takes a while, but works. The test pictures
#   take no part in it.
# - [?] Faster, as in lesson 02: `extract_features` of training and validation pictures, `train_head` with `outputs=5` and
#   `validation_data`, then `set_weights` of the last layer.

# %% [markdown] name="train" lang="tr" en="299bab84" tags=["task"]
# ## Eğitin ve okuyun
#
# **Görev (3 puan).** `model` modelinin başlığını, doğrulama verisi olarak `validation` ile, en az beş dönem (epoch) eğitin. Eğitilmiş
# modeli ve `fit` ne döndürüyorsa onu saklayın. Beş tür arasından rastgele tahmin eden birinden hangi doğruluğu
# beklersiniz?
#
# - [?] `model.fit(train.images, train.labels, validation_data=…, epochs=…)` biraz sürer ama olur. Test resimleri buna
#   karışmaz.
# - [?] Daha hızlısı, 02 numaralı dersteki gibi: eğitim ve doğrulama resimleri için `extract_features`, `outputs=5` ve
#   `validation_data` ile `train_head`, sonra son katmana `set_weights`.

# %% name="answer-train" tags=["answer"]
# answer: train
my_trained, my_history = None, None
# BEGIN SOLUTION
features = extract_features(base_model, preprocess, train.images)
held_out = (extract_features(base_model, preprocess, validation.images), validation.labels)
head, my_history = train_head(features, train.labels, outputs=5, epochs=15, validation_data=held_out)
model.get_layer("head").set_weights(head.get_layer("head").get_weights())
my_trained = model
# END SOLUTION

# %% name="check-train" points=3
trained, history = use("train", my_trained, my_history, given=given)
grade("train", my_trained, my_history, given=given)

# %% [markdown] name="why-train" lang="en" tags=["solution"]
# A frozen base gives the same features in every epoch, so we compute them once and train the head alone. **Common wrong
# turn:** giving `fit` the test pictures for validation. Then they have helped to choose, and nothing is left to report.

# %% [markdown] name="why-train" lang="tr" en="aafe11c4" tags=["solution"]
# Dondurulmuş bir temel model her dönemde aynı öznitelikleri verir; onları bir kez hesaplayıp yalnızca başlığı eğitiyoruz.
# **Sık yapılan hata:** `fit`'e doğrulama için test resimlerini vermek. O zaman seçime karışmış olurlar ve sonuç
# bildirecek bir şey kalmaz.

# %% name="curves-plot"
figures = getattr(history, "history", history)
show_learning_curves(figures)
print([round(float(value), 3) for value in figures["val_loss"]])

# %% [markdown] name="curves" lang="en" tags=["task"]
# **Task (1 point).** Which epoch would you keep? Epochs are counted from 1.
#
# - [?] What counts is how the model does on pictures that it does not train on.
# - [?] Look for the lowest validation loss (or the highest validation accuracy); a position in a list begins at 0.

# %% [markdown] name="curves" lang="tr" en="9c2c659c" tags=["task"]
# **Görev (1 puan).** Hangi dönemi saklardınız? Dönemler 1'den sayılır.
#
# - [?] Önemli olan, modelin üzerinde eğitilmediği resimlerde ne yaptığıdır.
# - [?] En düşük doğrulama kaybını (ya da en yüksek doğrulama doğruluğunu) arayın; bir listede konumlar 0'dan başlar.

# %% name="answer-curves" tags=["answer"]
# answer: curves
my_best_epoch = None
# BEGIN SOLUTION
my_best_epoch = int(np.argmin(figures["val_loss"])) + 1
print(my_best_epoch)
# END SOLUTION

# %% name="check-curves" points=1
grade("curves", my_best_epoch, given=given)

# %% [markdown] name="predict" lang="en" tags=["task"]
# ## The test set
#
# **Task (2 points).** What does `trained` say of the test pictures? Give a class for each, and the share that is right.
# Before you look further down: which kind will be taken most often for which other?
#
# - [?] `trained.predict(test.images, verbose=0)` has five scores a picture. Which one decides?
# - [?] `argmax(axis=1)` finds the place of the highest score in each row; the mean of `==` with the labels is the share.

# %% [markdown] name="predict" lang="tr" en="36109daf" tags=["task"]
# ## Test kümesi
#
# **Görev (2 puan).** `trained` test resimleri için ne diyor? Her biri için bir sınıf ve doğru olanların oranını verin. Aşağıya
# bakmadan önce: sizce en çok hangi tür, hangi tür sanılır?
#
# - [?] `trained.predict(test.images, verbose=0)` resim başına beş skor verir. Hangisi karar verir?
# - [?] `argmax(axis=1)` her satırda en yüksek skorun yerini bulur; etiketlerle `==` karşılaştırmasının ortalaması orandır.

# %% name="answer-predict" tags=["answer"]
# answer: predict
my_predictions, my_accuracy = None, None
# BEGIN SOLUTION
my_predictions = predicted_classes(trained.predict(test.images, verbose=0))
my_accuracy = accuracy(test.labels, my_predictions)
# END SOLUTION

# %% name="check-predict" points=2
predictions, test_accuracy = use("predict", my_predictions, my_accuracy, given=given)
grade("predict", my_predictions, my_accuracy, given=given)

# %% [markdown] name="why-predict" lang="en" tags=["solution"]
# With several classes the highest score decides; no threshold is needed. **Common wrong turn:** `> 0.5`, a habit from two
# classes, which can only ever answer 0 or 1.

# %% [markdown] name="why-predict" lang="tr" en="02af9a06" tags=["solution"]
# Birkaç sınıf varsa en yüksek skor karar verir; eşik gerekmez. **Sık yapılan hata:** `> 0.5`; iki sınıftan kalma
# bir alışkanlık, yalnızca 0 ya da 1 yanıtını verebilir.

# %% name="confusion"
show_confusion(confusion_matrix(test.labels, predictions, 5), test.class_names)
logits = trained.predict(test.images, verbose=0)
worst = most_confident_mistakes(test.labels, logits, 6)
names = [class_name(name) for name in test.class_names]
captions = [f"{names[test.labels[i]]} →\n{names[logits[i].argmax()]}" for i in worst]
show_pictures(test.images[worst], captions, message("flowers.mistakes"))

# %% [markdown] name="fine-tune" lang="en" tags=["task"]
# ## Fine-tuning
#
# **Task (4 points).** Wake the upper layers of the base in `tuned`, a copy of `trained`, and train it further: batch
# normalization stays frozen, and the learning rate is a tenth of the head's or lower. Assign `my_tuned = tuned`. The base
# inside is `tuned.get_layer(base_model.name)`.
#
# - [?] `unfreeze` of lesson 03 wakes all layers from a given one on and keeps batch normalization asleep. Then compile again.
# - [?] If you freeze by hand: first `trainable = True` for the base, then `False` for the lower layers and for every
#   `BatchNormalization`. Three epochs of `tuned.fit` are enough.

# %% [markdown] name="fine-tune" lang="tr" en="0d27377f" tags=["task"]
# ## İnce ayar
#
# **Görev (4 puan).** `trained` modelinin bir kopyası olan `tuned` içindeki temel modelin üst katmanlarını çözdürün ve
# eğitime devam edin: yığın normalleştirme (batch normalization) dondurulmuş kalsın, öğrenme oranı başlığınkinin onda biri ya da
# daha azı olsun. `my_tuned = tuned` diye atayın. İçindeki temel modele `tuned.get_layer(base_model.name)` ile ulaşırsınız.
#
# - [?] 03 numaralı dersteki `unfreeze`, verilen katmandan başlayarak üsttekileri çözdürür, yığın normalleştirmeyi
#   dondurulmuş bırakır. Ardından modeli yeniden derleyin.
# - [?] Elle donduracaksanız: önce temel model için `trainable = True`, sonra alt katmanlar ve her `BatchNormalization` için
#   `False`. `tuned.fit` ile üç dönem yeter.

# %% name="copy"
from tl_helpers.splitting import split_at
from tl_helpers.training import fit

tuned = copied(trained)

# %% name="answer-fine-tune" tags=["answer"]
# answer: fine-tune
my_tuned = None
# BEGIN SOLUTION
base = unfreeze(tuned.get_layer(base_model.name), "block_6_expand")
bottom, top = split_at(base, "block_5_add")  # the frozen part runs once
outputs = tuned.get_layer("head")(keras.layers.GlobalAveragePooling2D()(top.output))
upper = compile_classifier(keras.Model(top.input, outputs), learning_rate=1e-4)
parts = [(extract_activations(bottom, preprocess, part.images), part.labels) for part in (train, validation)]
upper, tuning = fit(upper, *parts, epochs=8, show_progress=False)
my_tuned = compile_classifier(tuned, learning_rate=1e-4)
# END SOLUTION

# %% name="check-fine-tune" points=4
grade("fine-tune", my_tuned, given=given)

# %% [markdown] name="why-fine-tune" lang="en" tags=["solution"]
# `tuned` shares its layers with `top`, so what we trained there has changed in it as well. We cut where the frozen part
# ends and ran that part once. **Common wrong turn:** `base_model.trainable = True` and no more. In Keras 3 that wakes batch
# normalization, whose statistics then drift although the model was built with `training=False`.

# %% [markdown] name="why-fine-tune" lang="tr" en="ecb47f51" tags=["solution"]
# `tuned`, katmanlarını `top` ile paylaşır; orada eğittiklerimiz bu modelde de değişti. Dondurulmuş bölümün bittiği yerden kesip o bölümü
# bir kez çalıştırdık. **Sık yapılan hata:** `base_model.trainable = True` yazıp bırakmak. Keras 3'te bu, yığın
# normalleştirmeyi de uyandırır; model `training=False` ile kurulmuş olsa da istatistikleri kayar.

# %% name="target" tags=["solution"]
before = accuracy(test.labels, predicted_classes(logits))
after = accuracy(test.labels, predicted_classes(my_tuned.predict(test.images, verbose=0)))
change = {"difference": f"{round((after - before) * len(test)):+d}", "count": len(test)}
print(message("flowers.before_after", before=percent(before), after=percent(after), **change))
assert after >= 0.75

# %% [markdown] name="inception" lang="en" tags=["task"]
# ## Another base
#
# **Task (2 points).** Repeat it with `second_base`, the Inception base: frozen, a trained head of five outputs. It wants
# pixels from -1 to 1 too. Compare both *frozen* models (`trained` and yours) on validation, and choose: give your model,
# both accuracies by name, and the name of the better base.
#
# - [?] Freeze `second_base` first. `build_classifier(second_base, preprocessing("InceptionV3"), 5)` builds the model; compile
#   it, then train.
# - [?] The names are `"MobileNetV2"` and `"InceptionV3"`; an accuracy is a share from 0 to 1, measured on `validation`.

# %% [markdown] name="inception" lang="tr" en="3a0c2cd1" tags=["task"]
# ## Başka bir temel model
#
# **Görev (2 puan).** Aynısını Inception temel modeli olan `second_base` ile yineleyin: temel model dondurulmuş, beş çıkışlı
# başlık eğitilmiş olsun. O da pikselleri -1 ile 1 arasında ister. *Temel modeli dondurulmuş* iki modeli (`trained` ve
# sizinki) doğrulamada karşılaştırıp seçin: modelinizi, ada göre iki doğruluğu ve daha iyi temel modelin adını verin.
#
# - [?] Önce `second_base` modelini dondurun. `build_classifier(second_base, preprocessing("InceptionV3"), 5)` modeli kurar;
#   derleyin, sonra eğitin.
# - [?] Adlar `"MobileNetV2"` ve `"InceptionV3"`; doğruluk, `validation` üzerinde ölçülen, 0 ile 1 arasında bir orandır.

# %% name="answer-inception" tags=["answer"]
# answer: inception
my_inception, my_accuracies, my_choice = None, None, None
# BEGIN SOLUTION
second_base.trainable = False
rescale = preprocessing("InceptionV3")
my_inception = compile_classifier(build_classifier(second_base, rescale, 5))
head, _ = train_head(extract_features(second_base, rescale, train.images), train.labels, outputs=5, epochs=15)
my_inception.get_layer("head").set_weights(head.get_layer("head").get_weights())
both = {"MobileNetV2": trained, "InceptionV3": my_inception}
held_out = (validation.images, validation.labels)
my_accuracies = {name: each.evaluate(*held_out, verbose=0)[1] for name, each in both.items()}
my_choice = max(my_accuracies, key=my_accuracies.get)
print({name: percent(share) for name, share in my_accuracies.items()}, my_choice)
# END SOLUTION

# %% name="check-inception" points=2
grade("inception", my_inception, my_accuracies, my_choice, given=given)

# %% [markdown] name="why-inception" lang="en" tags=["solution"]
# The same pictures, kind of head and number of epochs: what differs is the base. Validation chooses, for the test set only
# reports. **Common wrong turn:** choosing by test accuracy. Lesson 06 also asks what a base costs.

# %% [markdown] name="why-inception" lang="tr" en="9287af0f" tags=["solution"]
# Aynı resimler, aynı tür başlık, aynı sayıda dönem; farklı olan temel model. Seçimi de doğrulama yapar, çünkü test
# kümesinin işi yalnızca sonuç bildirmektir. **Sık yapılan hata:** test doğruluğuna göre seçmek. 06 numaralı ders bir
# temel modelin neye mal olduğunu da sorar.

# %% [markdown] name="reflection" lang="en"
# ## Look back
#
# **Task (2 points, read by a person).** The club wants to add a sixth kind, the poppy, with twelve pictures of it. Which
# steps would you repeat, which not, and what would you watch? A few sentences, between three quotation marks.

# %% [markdown] name="reflection" lang="tr" en="c1353d88"
# ## Geriye bakın
#
# **Görev (2 puan, bir kişi okur).** Kulüp altıncı bir tür, gelincik, eklemek istiyor; elinde ondan on iki resim var. Hangi
# adımları yinelersiniz, hangilerini yinelemezsiniz, nelere dikkat edersiniz? Üçlü tırnakların arasına birkaç cümle yazın.

# %% name="answer-reflection" tags=["answer"] points=2
# answer: reflection
my_reflection = None
# BEGIN SOLUTION
my_reflection = message("flowers.reflection")
print(my_reflection)
# END SOLUTION
grade("reflection", my_reflection, given=given)

# %% name="key-results"
show_results({message("flowers.points"): given.total, message("flowers.test_accuracy"): float(test_accuracy)})

# %% name="full-marks" tags=["solution"]
assert given.total == 24  # points; a person gives 2 more

# %% [markdown] name="quiz" lang="en"
# ## Quiz

# %% [markdown] name="quiz" lang="tr" en="f3a0b532"
# ## Kısa sınav

# %% [markdown] name="quiz-softmax" lang="en" tags=["quiz"]
# The last layer gives logits, but the loss is not told `from_logits=True`. What happens?
#
# - [ ] Keras stops with an error
#   No: nothing stops us, which is what makes this mistake so common.
# - [x] Training runs, but the head learns badly
#   Yes: the loss takes raw scores, even negative ones, for probabilities.
# - [ ] Nothing: Keras sees that they are logits
#   No: the loss believes what it is told.

# %% [markdown] name="quiz-softmax" lang="tr" en="34102335" tags=["quiz"]
# Son katman logit veriyor, ama kayıp fonksiyonuna `from_logits=True` denmemiş. Ne olur?
#
# - [ ] Keras bir hatayla durur
#   Hayır: bizi durduran bir şey olmaz; bu hatanın bu kadar sık görülmesi de bundandır.
# - [x] Eğitim çalışır, ama başlık kötü öğrenir
#   Evet: kayıp fonksiyonu ham skorları, eksi olanları bile, olasılık sanır.
# - [ ] Hiçbir şey: Keras bunların logit olduğunu anlar
#   Hayır: kayıp fonksiyonu kendisine ne denirse ona inanır.

# %% [markdown] name="quiz-stratified" lang="en" tags=["quiz"]
# Why do we split each class by itself?
#
# - [ ] So that training is faster
#   No: the number of pictures is the same.
# - [ ] So that no picture is in two parts
#   No: a split that is not stratified can be free of overlap as well.
# - [x] So that the parts can be compared
#   Yes: with other shares of the classes, accuracy could differ for that reason alone.

# %% [markdown] name="quiz-stratified" lang="tr" en="3497d985" tags=["quiz"]
# Neden her sınıfı kendi içinde bölüyoruz?
#
# - [ ] Eğitim daha hızlı olsun diye
#   Hayır: resim sayısı aynı kalır.
# - [ ] Hiçbir resim iki parçada olmasın diye
#   Hayır: tabakalı olmayan bir bölmede de örtüşme olmayabilir.
# - [x] Parçalar karşılaştırılabilsin diye
#   Evet: sınıfların payları farklı olsaydı doğruluk sırf bu yüzden bile değişirdi.

# %% [markdown] name="quiz-choose" lang="en" tags=["quiz"]
# On validation one base is better, on test the other. Which one do you take?
#
# - [x] The one that is better on validation
#   Yes: validation chooses. The test set only reports, and a small difference may be chance.
# - [ ] The one that is better on test
#   No: then the test set has chosen, and its figure is no longer an honest report.
# - [ ] The one with more parameters
#   No: size is a cost, not a merit.

# %% [markdown] name="quiz-choose" lang="tr" en="b2aaedaf" tags=["quiz"]
# Doğrulamada bir temel model, testte öteki daha iyi. Hangisini alırsınız?
#
# - [x] Doğrulamada daha iyi olanı
#   Evet: seçimi doğrulama yapar. Test kümesi yalnızca sonucu bildirir; küçük bir fark şans eseri olabilir.
# - [ ] Testte daha iyi olanı
#   Hayır: o zaman seçimi test kümesi yapmış olur ve verdiği sayı artık dürüst bir sonuç değildir.
# - [ ] Parametresi daha çok olanı
#   Hayır: büyüklük bir üstünlük değil, bir maliyettir.

# %% [markdown] name="recap" lang="en"
# ## In this lesson we…
#
# - split five kinds of flowers by class, and gave the model pixels as its base wants them;
# - built, compiled and trained a head with five outputs on a frozen base, read its curves, and reported on the test set;
# - fine-tuned with batch normalization frozen, repeated it with Inception, and let validation choose.
#
# **Read on:** [transfer learning in the Keras guides](https://keras.io/guides/transfer_learning/),
# [Inception](https://arxiv.org/abs/1512.00567).

# %% [markdown] name="recap" lang="tr" en="d365f06f"
# ## Bu derste…
#
# - beş tür çiçeğin resimlerini, her sınıfı kendi içinde böldük ve modele pikselleri temel modelinin istediği gibi verdik;
# - dondurulmuş bir temel modelin üzerine beş çıkışlı bir başlık kurduk, derledik, eğittik; eğrilerini okuduk ve test
#   kümesinde sonucu bildirdik;
# - yığın normalleştirmeyi dondurulmuş tutarak ince ayar yaptık, aynısını Inception ile yineledik ve seçimi doğrulamaya bıraktık.
#
# **Okumaya devam:** [Keras kılavuzlarında transfer öğrenimi](https://keras.io/guides/transfer_learning/),
# [Inception](https://arxiv.org/abs/1512.00567).
