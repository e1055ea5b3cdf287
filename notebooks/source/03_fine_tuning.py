# %% [markdown] name="where-we-are" lang="en"
# ## Where we are
#
# So far the base has slept: it turned pictures into features, and only the head learned. That works well as long as the
# pictures resemble those that the base was pretrained on.
#
# In the mini edition the cats and dogs of this lesson are drawn **half-way to engravings**, which its base has never
# seen. In the full edition they are photographs, the very kind that its base knows. Where do you expect more from waking
# up the base?

# %% [markdown] name="where-we-are" lang="tr" en="745d1fa2"
# ## Neredeyiz?
#
# Temel model (base model) şimdiye kadar uyudu: resimleri özniteliklere (feature) çevirdi, yalnızca başlık (head)
# öğrendi. Resimler, temel modelin ön eğitimde (pretraining) gördüklerine benzediği sürece bu yol iyi işler.
#
# Mini sürümde bu dersin kedileri ve köpekleri **yarı yarıya gravür** gibi çizilmiştir; temel model böylesini hiç
# görmemiştir. Tam sürümde ise bunlar, temel modelin çok iyi tanıdığı türden fotoğraflardır. Temel modeli uyandırmak
# sizce hangi sürümde daha çok kazandırır?

# %% name="imports"
import keras
import numpy as np

from tl_helpers.base_models import load_base_model, preprocessing
from tl_helpers.evaluation import predicted_classes
from tl_helpers.features import extract_activations, extract_features
from tl_helpers.fine_tuning import load_unfamiliar
from tl_helpers.messages import CourseError, message, number, percent
from tl_helpers.plots import class_name, show_pictures
from tl_helpers.results import show_results
from tl_helpers.session import fix_seeds
from tl_helpers.tasks import check
from tl_helpers.training import fit
from tl_helpers.transfer import build_classifier, compile_classifier, train_head, unfreeze

# %% name="load"
splits = load_unfamiliar(edition)
train, validation, test = splits.train, splits.validation, splits.test
captions = [class_name(train.class_names[label]) for label in train.labels[:12]]
show_pictures(train.images[:12], captions, message("fine_tuning.gallery"))

# %% [markdown] name="head-first" lang="en"
# ## First the head, as before
#
# Every fine-tuning starts with what we did in the lesson before: a frozen base and a new head, trained on kept
# features. How well will it do on these pictures? Only then comes the base, by three rules:
#
# - **After the head is trained**: what a random head asks of the base is random too.
# - **At a learning rate ten times lower, or less**: good weights want a nudge, not a replacement.
# - **The top layers first**: they are the most specialised in the old task.
#
# Later we break the first two on purpose, and measure the third.

# %% [markdown] name="head-first" lang="tr" en="8e1205b3"
# ## Önce başlık, daha önce olduğu gibi
#
# Her ince ayar (fine-tuning) önceki derste yaptığımızla başlar: dondurulmuş (frozen) bir temel model ve saklanan
# özniteliklerle eğitilen yeni bir başlık. Sizce bu başlık bu resimlerde ne kadar başarılı olur? Temel modele sıra ancak
# bundan sonra, üç kuralla gelir:
#
# - **Başlık eğitildikten sonra**: rastgele bir başlığın temel modelden istedikleri de rastgeledir.
# - **En az on kat düşük bir öğrenme oranıyla** (learning rate): iyi ağırlıklar baştan yazılmak değil, hafifçe
#   düzeltilmek ister.
# - **Önce üst katmanlar**: eski görev için en çok özelleşmiş olanlar onlardır.
#
# İlk ikisini daha sonra bilerek çiğneyecek, üçüncüsünü ölçeceğiz.

# %% name="train-head"
preprocess = preprocessing("MobileNetV2")
base_model = load_base_model("MobileNetV2", edition)
train_features = extract_features(base_model, preprocess, train.images)
validation_features = extract_features(base_model, preprocess, validation.images)
held_out_features = (validation_features, validation.labels)
fix_seeds(0)
head, history = train_head(train_features, train.labels, validation_data=held_out_features)
head_history = history.history
before = head_history["val_accuracy"][-1]
print(message("fine_tuning.head", accuracy=percent(before), epochs=len(head_history["loss"])))

# %% [markdown] name="batch-norm" lang="en"
# ## A trap: batch normalization
#
# **Batch normalization** brings each channel to about mean 0 and variance 1: in training by the mean and variance of
# the batch, in use by a **moving mean** and a **moving variance** collected meanwhile. Then learned weights scale and
# shift it. The base's moving statistics come from very many pictures. If they drift towards our few, they no longer suit
# the weights trained with them.
#
# A widely taught recipe builds the classifier with `training=False`, makes the base trainable, freezes the layers below
# number 100 again, compiles, and fits. We count how many statistics are no longer what they were. What do you expect:
# none, since we said `training=False`?

# %% [markdown] name="batch-norm" lang="tr" en="f1ba5f4f"
# ## Bir tuzak: yığın normalleştirme
#
# **Yığın normalleştirme** (batch normalization) her kanalı yaklaşık 0 ortalamaya ve 1 varyansa getirir: eğitimde
# yığının ortalaması ve varyansıyla, kullanımda ise eğitim sırasında biriktirilen **hareketli ortalama** (moving mean) ve
# **hareketli varyansla** (moving variance). Ardından kanalı öğrenilmiş ağırlıklarla ölçekler ve kaydırır. Temel modelin
# hareketli istatistikleri pek çok resimden gelir. Bizim az sayıdaki resmimize doğru kayarlarsa, onlarla eğitilmiş
# ağırlıklara artık uymazlar.
#
# Yaygın olarak öğretilen bir tarif, sınıflandırıcıyı `training=False` ile kurar, temel modeli eğitilebilir yapar, 100
# numaralı katmanın altındakileri yeniden dondurur, sonra modeli derler ve eğitir. Kaç istatistiğin değiştiğini
# sayıyoruz. Ne beklersiniz: `training=False` dediğimize göre hiçbiri değişmez mi?


# %% name="count-statistics"
def moving_statistics(model):
    return {weight.path: weight.numpy() for weight in model.weights if weight.name.startswith("moving_")}


def moved_statistics(before, model):
    after = moving_statistics(model)
    return sum(not np.array_equal(before[path], after[path]) for path in before)


def count_in_one_fit(model):
    statistics = moving_statistics(model)
    compile_classifier(model, 1e-4)
    model.run_eagerly = True
    model.fit(train.images[:8], train.labels[:8], epochs=1, verbose=0)
    return moved_statistics(statistics, model), len(statistics)


# %% name="taught-recipe"
sleeping = load_base_model("MobileNetV2", edition)
sleeping.trainable = False
taught_model = build_classifier(sleeping, preprocess)
sleeping.trainable = True

# %% name="taught-recipe-moves" tags=["exact"]
for layer in sleeping.layers[:100]:
    layer.trainable = False
moved_by_taught, statistics_in_all = count_in_one_fit(taught_model)
shown = {"moved": moved_by_taught, "total": statistics_in_all}
print(message("fine_tuning.moved", recipe=message("fine_tuning.taught"), **shown))
assert moved_by_taught > 0

# %% [markdown] name="why-it-moves" lang="en"
# Not one of them should have moved. In Keras 3, `fit` calls the whole model with `training=True`, and this overrides the
# `training=False` with which we built it. A frozen layer of this kind (`trainable=False`) uses its statistics as they
# are; one that has been woken up uses those of the batch, and moves its own.
#
# So the right recipe wakes up all layers from a certain one on, **except batch normalization**. The package's `unfreeze`
# does the same, takes a layer's name as well, and reaches into models that a model holds.

# %% [markdown] name="why-it-moves" lang="tr" en="d41238c7"
# Hiçbiri değişmemeliydi. Keras 3'te `fit` bütün modeli `training=True` ile çağırır; bu da modeli kurarken yazdığımız
# `training=False` değerini geçersiz kılar. Yığın normalleştirme katmanı dondurulmuşsa (`trainable=False`)
# istatistiklerini olduğu gibi kullanır; uyandırılmışsa o anki yığının (batch) istatistiklerini kullanır ve
# kendininkileri kaydırır.
#
# Öyleyse doğru tarif, belirli bir katmandan başlayarak bütün katmanları uyandırır, **yığın normalleştirme dışında**.
# Paketin `unfreeze` fonksiyonu da aynı şeyi yapar; katmanın adını da kabul eder, modelin içindeki modellere de ulaşır.


# %% name="unfreeze-layers"
def unfreeze_layers(base_model, start=0):
    base_model.trainable = True
    for position, layer in enumerate(base_model.layers):
        is_batch_norm = isinstance(layer, keras.layers.BatchNormalization)
        layer.trainable = position >= start and not is_batch_norm
    return base_model


# %% name="right-recipe"
awake = unfreeze_layers(load_base_model("MobileNetV2", edition), 100)
right_model = build_classifier(awake, preprocess)
ours = [weight.path for weight in awake.trainable_weights]
assert ours == [weight.path for weight in unfreeze(awake, 100).trainable_weights]

# %% name="right-recipe-moves" tags=["exact"]
moved_by_right, statistics_in_all = count_in_one_fit(right_model)
shown = {"moved": moved_by_right, "total": statistics_in_all}
print(message("fine_tuning.moved", recipe=message("fine_tuning.right"), **shown))
assert moved_by_right == 0

# %% [markdown] name="where-to-cut" lang="en"
# ## Where to wake it up
#
# The frozen part gives a picture the same numbers in every epoch, so it needs to run only once, as before. For
# that we cut the base in two. The usual choice of the tutorials is layer 100. Can we cut there?

# %% [markdown] name="where-to-cut" lang="tr" en="be5f7ce1"
# ## Nereden uyandırmalı?
#
# Dondurulmuş bölüm bir resim için her dönemde (epoch) aynı sayıları verir; önceki derste olduğu gibi bir kez
# çalıştırmak yeter. Bunun için temel modeli ikiye keseriz. Başka kurslarda genellikle 100 numaralı katman seçilir.
# Orada kesebilir miyiz?

# %% name="layer-100" tags=["exact"]
from functools import partial

from tl_helpers.fine_tuning import block_ends
from tl_helpers.fine_tuning_plots import cut_counts, draw_cut
from tl_helpers.interactive import explore
from tl_helpers.splitting import join, split_at

refused = ""
try:
    split_at(base_model, 100)
except CourseError as error:
    refused = str(error)
print(refused)
assert "block_11_add" in refused

# %% [markdown] name="legal-cuts" lang="en"
# Layer 100 lies inside a residual block, whose shortcut goes round it. A cut is legal where everything passes through one
# layer, such as the end of a block.
#
# Move the slider. Before you do: with the lower half of the blocks frozen, will about half of the parameters be
# trained?

# %% [markdown] name="legal-cuts" lang="tr" en="2ea8da2d"
# 100 numaralı katman bir artık bloğun içindedir; bloğun kestirme yolu onun yanından geçer. Kesmek, her şeyin tek bir
# katmandan geçtiği yerde geçerlidir, örneğin bir bloğun sonunda.
#
# Kaydırıcıyı oynatın. Ama önce tahmin edin: blokların alttaki yarısı dondurulunca parametrelerin yaklaşık yarısı mı
# eğitilir?

# %% name="slider"
CUT = "block_10_project_BN"
explore(partial(draw_cut, base_model), {message("fine_tuning.layer_slider"): block_ends(base_model)}, start=(CUT,))

# %% [markdown] name="activations" lang="en"
# The parameters sit at the top, where the maps are small and the channels many. The early blocks are light, but compute
# on large maps: freezing them saves time rather than parameters.
#
# ### Run the frozen part once
#
# We push every picture through the lower part and keep the **activations** at the cut. On them we put the upper part,
# awake, and a copy of the trained head.
#
# Is the shortcut honest? Before any further training, the new classifier must say exactly what base and head said.

# %% [markdown] name="activations" lang="tr" en="360fd787"
# Parametreler yukarıda toplanmıştır: orada haritalar küçük, kanallar çoktur. İlk blokların parametresi azdır ama bu
# bloklar büyük haritalar üzerinde hesap yapar: onları dondurmak, parametreden çok zaman kazandırır.
#
# ### Dondurulmuş bölümü bir kez çalıştırmak
#
# Her resmi alt bölümden geçirip kesim yerindeki **etkinleşmeleri** (activations) saklıyoruz. Bunların üzerine
# uyandırılmış üst bölümü ve eğitilmiş başlığın bir kopyasını koyuyoruz.
#
# Zaman kazandıran bu yola güvenebilir miyiz? Eğitime devam etmeden önce yeni sınıflandırıcı, temel modelle başlığın
# söylediğini aynen söylemelidir.


# %% name="at-cut"
def at_cut(base_model, preprocess, cut, *image_sets):
    if cut is None:
        return base_model, [np.asarray(preprocess(images.astype("float32"))) for images in image_sets]
    bottom, top = split_at(base_model, cut)
    return top, [extract_activations(bottom, preprocess, images) for images in image_sets]


def classifier_on(top, head, learning_rate):
    copy = keras.models.clone_model(head)
    copy.set_weights(head.get_weights())
    features = keras.layers.GlobalAveragePooling2D()(unfreeze(top).output)
    return compile_classifier(keras.Model(top.input, copy(features)), learning_rate)


# %% name="same-at-first"
fresh = load_base_model("MobileNetV2", edition)
top, (inside, held_inside) = at_cut(fresh, preprocess, CUT, train.images, validation.images)
classifier = classifier_on(top, head, learning_rate=1e-4)
np.testing.assert_allclose(classifier(held_inside[:64]), head(validation_features[:64]), atol=1e-3)

# %% [markdown] name="predict-tuning" lang="en"
# ## Fine-tune
#
# The head was trained at a rate of 0.001; now we take 0.0001. Validation will choose: `fit` keeps the weights of the
# epoch with the lowest validation loss.
#
# What will the curves do after the moment of unfreezing? Sketch them before you run the cell.

# %% [markdown] name="predict-tuning" lang="tr" en="51744856"
# ## İnce ayar
#
# Başlık 0,001 öğrenme oranıyla eğitilmişti; şimdi 0,0001 alıyoruz. Seçimi doğrulama kümesi (validation set) yapacak:
# `fit`, doğrulama kaybı (loss) en düşük olan dönemin ağırlıklarını saklar.
#
# Çözdürme (unfreezing) anından sonra eğriler nasıl davranacak? Hücreyi çalıştırmadan önce kabaca çizin.

# %% name="before-tuning"
from tl_helpers.fine_tuning_plots import show_two_phases

statistics = moving_statistics(classifier)
held_out, untuned = (held_inside, validation.labels), classifier.get_weights()

# %% name="fine-tune"
fix_seeds(0)
classifier.set_weights(untuned)
classifier, tuned_history = fit(compile_classifier(classifier, 1e-4), (inside, train.labels), held_out, epochs=8)
show_two_phases(head_history, tuned_history)

# %% name="what-it-gained"
after = classifier.evaluate(*held_out, verbose=0)[1]
least_gain = {"mini": 0.03, "full": -0.02}[edition.name]
assert after - before > least_gain
assert moved_statistics(statistics, classifier) == 0

# %% [markdown] name="read-phases" lang="en"
# Two things to look for. What does validation do at the green line? And how far does training run ahead of it
# afterwards? The awake part has far more weights than there are pictures: from the point where validation loss rises
# again, it learns the pictures by heart. That is why the best epoch is kept, not the last.
#
# But is it fair? Perhaps the head just needed more epochs. We give it as many:

# %% [markdown] name="read-phases" lang="tr" en="f6e847eb"
# İki şeye bakın. Yeşil çizgide doğrulamaya ne oluyor? Sonra eğitim onun ne kadar önüne geçiyor? Uyandırılan
# bölümün ağırlık sayısı resim sayısından kat kat fazladır: bu bölüm, doğrulama kaybının yeniden yükseldiği noktadan
# sonra resimleri ezberler. Bu yüzden son dönem değil, en iyi dönem saklanır.
#
# Peki bu adil mi? Belki de başlığa birkaç dönem daha gerekiyordu. Ona da aynı sayıda dönem veriyoruz:

# %% name="longer-head"
longer_head, _ = train_head(train_features, train.labels, epochs=28)
longer = longer_head.evaluate(*held_out_features, verbose=0)[1]
print(message("fine_tuning.longer", epochs=8, longer=percent(longer), tuned=percent(after)))
assert after - longer > least_gain

# %% [markdown] name="test-once" lang="en"
# ## The test set, once
#
# Validation chose the epoch, so validation accuracy is a little too kind. Now the test set speaks, for both models, on
# the same pictures. We put the finished model together: preprocessing, lower part, upper part, head.

# %% [markdown] name="test-once" lang="tr" en="91543c7d"
# ## Test kümesi, bir kez
#
# Dönemi doğrulama kümesi seçti; bu yüzden doğrulama doğruluğu biraz fazla iyimserdir. Şimdi söz test kümesinde (test
# set): iki modeli de aynı resimlerde sınıyoruz. Bitmiş modeli parçalarından kuruyoruz: ön işleme, alt bölüm, üst bölüm,
# başlık.

# %% name="test"
pictures_in = keras.Input(base_model.input_shape[1:])  # (size, size, 3)
bottom, _ = split_at(base_model, CUT)
finished = keras.Model(pictures_in, join(bottom, classifier)(preprocess(pictures_in)))
frozen_base = load_base_model("MobileNetV2", edition)
logits_before = head(extract_features(frozen_base, preprocess, test.images), training=False)
test_logits = finished.predict(test.images, verbose=0)
right_before, right_after = (predicted_classes(each) == test.labels for each in (logits_before, test_logits))
test_before, test_after = float(np.mean(right_before)), float(np.mean(right_after))
changed = {"mended": int(np.sum(right_after & ~right_before)), "spoiled": int(np.sum(right_before & ~right_after))}
shown = {"before": percent(test_before), "after": percent(test_after), "total": len(test)}
print(message("fine_tuning.test", **shown, **changed))

# %% [markdown] name="bad-run" lang="en"
# ## A run that goes wrong
#
# A colleague is in a hurry: a new head, the same layers awake, and a rate of 0.01, all at once. The plot continues from
# the same head's curves, so that you can compare. What will happen at the green line, and will it recover?

# %% [markdown] name="bad-run" lang="tr" en="4b6928b9"
# ## Kötü giden bir eğitim
#
# Bir arkadaşınızın acelesi var: yeni bir başlık, uyandırılmış aynı katmanlar ve 0,01 öğrenme oranı, hepsi bir arada.
# Karşılaştırabilin diye grafik, eğitilmiş başlığın eğrilerinden devam ediyor. Yeşil çizgide ne olacak, model sonra
# toparlanacak mı?

# %% name="bad-fit"
spoiled_top, _ = at_cut(load_base_model("MobileNetV2", edition), preprocess, CUT)
untrained_head = keras.models.clone_model(head)
hasty = classifier_on(spoiled_top, untrained_head, learning_rate=1e-2)
fix_seeds(0)
hasty, hasty_history = fit(hasty, (inside, train.labels), held_out, epochs=4, show_progress=False)
show_two_phases(head_history, hasty_history)
spoiled = keras.Model(spoiled_top.input, keras.layers.GlobalAveragePooling2D()(spoiled_top.output))
assert max(hasty_history["val_accuracy"]) < after - 0.02

# %% [markdown] name="diagnose" lang="en"
# ### Diagnose it
#
# Two suspects: either only the head is bad, or the base's knowledge itself is gone. How could we tell? Think of a test,
# then read on.
#
# A new head, trained in peace on the features that the base gives now, tells: if they are still good, so will it be.

# %% [markdown] name="diagnose" lang="tr" en="1c00ee89"
# ### Teşhis koymak
#
# İki şüpheli var: ya yalnızca başlık kötü ya da temel modelin bilgisi gitmiş. Hangisi olduğunu nasıl anlarız? Bir
# sınama düşünün, sonra okumaya devam edin.
#
# Bunu, temel modelin şimdi verdiği özniteliklerle acele etmeden eğitilen yeni bir başlık gösterir: öznitelikler hâlâ
# iyiyse bu başlık da iyi olur.

# %% name="new-head"
second_head, _ = train_head(spoiled.predict(inside, verbose=0), train.labels)
wrecked = second_head.evaluate(spoiled.predict(held_inside, verbose=0), validation.labels, verbose=0)[1]
print(message("fine_tuning.new_head", before=percent(before), after=percent(wrecked)))
assert wrecked < before - 0.02

# %% [markdown] name="how-deep" lang="en"
# Knowledge is lost, and a new head does not bring it back. The random head sent random wishes down, and the high rate
# carried them out at once; which of the two did more harm, this one run does not say. What pretraining had learned from
# very many pictures is overwritten, and in a few epochs our few pictures do not teach it again.
#
# ## How far down?
#
# From the head alone, as trained before, down to the whole base: what we wake up is trained on from that head at the same
# low rate for two epochs, with two seeds each. Which depth will be most accurate, and how will the time grow? Write
# down a guess for both.

# %% [markdown] name="how-deep" lang="tr" en="3b54dcbf"
# Bilgi yitirildi; yeni bir başlık onu geri getirmiyor. Rastgele başlık aşağıya rastgele istekler gönderdi, yüksek öğrenme
# oranı da bunları hemen yerine getirdi; hangisinin daha çok zarar verdiğini bu tek çalıştırma söylemez. Ön eğitimde pek çok
# resimden öğrenilenlerin üzerine yazıldı; bizim az sayıdaki resmimiz birkaç dönemde onları yeniden öğretmiyor.
#
# ## Ne kadar derine?
#
# Yalnızca önceki gibi eğitilmiş başlıktan bütün temel modele kadar farklı derinlikleri deniyoruz: uyandırdığımız bölüm, o
# başlıktan başlayarak aynı düşük öğrenme oranıyla iki dönem eğitiliyor; her derinlik iki tohum değeriyle (seed). Hangi
# derinlikte doğruluk en yüksek olacak, süre nasıl artacak? İkisi için de bir tahmin yazın.

# %% name="heads"
import time

alone = message("fine_tuning.depth_head")
scores, seconds, heads = {alone: []}, {}, []
for seed in (0, 1):
    fix_seeds(seed)
    start = time.perf_counter()
    heads.append(train_head(train_features, train.labels)[0])
    seconds[alone] = time.perf_counter() - start
    scores[alone].append(heads[seed].evaluate(*held_out_features, verbose=0)[1])
few = train.take(np.arange(0, len(train), max(1, len(train) // 400)))

# %% name="depths"
cuts = {message("fine_tuning.depth_from", block=block): f"block_{block - 1}_add" for block in (13, 6)}
for name, cut in {**cuts, message("fine_tuning.depth_whole"): None}.items():
    base = load_base_model("MobileNetV2", edition)
    top_part, (taught, asked) = at_cut(base, preprocess, cut, few.images, validation.images)
    pretrained, fresh, scores[name] = top_part.get_weights(), {}, []
    model = classifier_on(top_part, heads[0], learning_rate=1e-4)
    model.optimizer.build(model.trainable_variables)
    model.optimizer.save_own_variables(fresh)
    for seed in (0, 1):
        model.set_weights(pretrained + heads[seed].get_weights())
        model.optimizer.load_own_variables(fresh)
        start = time.perf_counter()
        model, _ = fit(model, (taught, few.labels), epochs=2, seed=seed, show_progress=False)
        seconds.setdefault(name, time.perf_counter() - start)
        scores[name].append(model.evaluate(asked, validation.labels, verbose=0)[1])

# %% name="show-depths"
from tl_helpers.fine_tuning_plots import show_depths

show_depths(scores, seconds)
assert max(map(np.mean, scores.values())) - np.mean(scores[alone]) > least_gain

# %% [markdown] name="read-depths" lang="en"
# The line tells how far down it pays to go, the bars what it costs. Where the strokes are strange to the base, as in the
# mini edition, even early layers have something to learn; where it knows the pictures well, there is less to gain.
#
# The photographs were measured once, with the command printed below, and are shown beside the figures of this run. How
# much do you expect fine-tuning to gain there?

# %% [markdown] name="read-depths" lang="tr" en="0cc99b62"
# Grafikteki çizgi ne kadar derine inmeye değdiğini, çubuklar bunun neye mal olduğunu söyler. Çizim temel modele
# yabancıysa, örneğin mini sürümde, ilk katmanların bile öğreneceği bir şey vardır; iyi tanıdığı resimlerde ise
# kazanılacak daha az şey kalır.
#
# Fotoğraflar, aşağıda yazdırılan komutla bir kez ölçüldü; sonuçlar buradakilerin yanında gösteriliyor. Sizce
# ince ayar orada ne kadar kazandırır?

# %% name="photographs"
from tl_helpers.reference import load_reference

reference = load_reference("fine_tuning")
runs, moved = reference["results"]["runs"], reference["results"]["moved_statistics"]["from_layer_100"]
shown = {"count": number(reference["data"]["train"]), "runs": len(runs), "command": reference["command"]}
print(message("fine_tuning.reference_head", **shown))
for name, key, live in (("frozen", "frozen", before), ("tuned", "fine_tuned", after)):
    values = [run[key] for run in runs]
    shown = {"live": percent(live), "photographs": percent(np.mean(values))}
    shown |= {"low": percent(min(values)), "high": percent(max(values))}
    print(message("fine_tuning.reference_line", name=message(f"fine_tuning.reference_{name}"), **shown))
counts = {"taught": moved["widely_taught"], "right": moved["frozen_batch_norm"]}
print(message("fine_tuning.reference_moved", **counts))

# %% [markdown] name="save" lang="en"
# ## Save it, and get the same back
#
# A `.keras` file holds the layers, the weights and the preprocessing. We save the finished model, load it again, and ask
# both the same questions.

# %% [markdown] name="save" lang="tr" en="dcd9a1d7"
# ## Kaydetmek ve aynısını geri almak
#
# Bir `.keras` dosyası katmanları, ağırlıkları ve ön işlemeyi içerir. Bitmiş modeli kaydediyor, yeniden yüklüyor ve
# ikisine aynı soruları soruyoruz.

# %% name="save-and-reload"
from pathlib import Path
from tempfile import mkdtemp

folder = Path(mkdtemp())
finished.save(folder / "cats_and_dogs.keras")
reloaded = keras.models.load_model(folder / "cats_and_dogs.keras")
logits = reloaded.predict(test.images, verbose=0)
size = number((folder / "cats_and_dogs.keras").stat().st_size / 1e6, 1)
print(message("fine_tuning.saved", size=size, difference=number(np.abs(logits - test_logits).max(), 6)))
np.testing.assert_allclose(logits, test_logits, atol=1e-4)

# %% [markdown] name="own-picture" lang="en"
# ## Your own picture, in three lines
#
# First we put a picture file where yours could be. Then: read it, ask, name the answer. Put the path of your own picture
# into the first of the three lines.

# %% [markdown] name="own-picture" lang="tr" en="ce776598"
# ## Kendi resminiz, üç satırda
#
# Önce sizin dosyanızın olabileceği yere bir resim dosyası koyuyoruz. Sonra resmi okuyor, modele soruyor, yanıtı
# adlandırıyoruz. Üç satırın ilkine kendi resminizin yolunu yazın.

# %% name="ask"
from tl_helpers.evaluation import probabilities
from tl_helpers.folders import read_picture

keras.utils.save_img(folder / "my_picture.png", test.images[0], scale=False)

picture, _, reason = read_picture(folder / "my_picture.png", edition.image_size)
answer = reloaded.predict(picture[None].astype("float32"), verbose=0)
name = class_name(test.class_names[predicted_classes(answer)[0]])
share = max(probabilities(answer)[0], 1 - probabilities(answer)[0])
print(message("fine_tuning.own", file="my_picture.png", answer=name, share=percent(share)))
np.testing.assert_allclose(answer[0], test_logits[0], atol=1e-3)

# %% [markdown] name="phone" lang="en"
# ## For the phone
#
# Phones run small files without Keras. `to_tflite` converts the finished model to the format **TFLite**; preprocessing is
# inside it too. Do both give the same logits, and above all the same answers?

# %% [markdown] name="phone" lang="tr" en="4bd9617f"
# ## Telefon için
#
# Telefonlarda küçük dosyalar, Keras olmadan çalışır. `to_tflite`, bitmiş modeli **TFLite** biçimine çevirir; ön işleme
# onun da içindedir. İki model aynı logitleri, hepsinden önemlisi aynı yanıtları veriyor mu?

# %% name="export"
from tl_helpers.export import run_tflite, to_tflite

content = to_tflite(finished)
phone_logits = run_tflite(content, test.images)

# %% name="same-answers"
same = int(np.sum(predicted_classes(phone_logits) == predicted_classes(test_logits)))
shown = {"size": number(len(content) / 1e6, 1), "difference": number(np.abs(phone_logits - test_logits).max(), 5)}
print(message("fine_tuning.tflite", same=same, count=len(test), **shown))
assert same >= len(test) - 1 and np.allclose(phone_logits, test_logits, atol=1e-2)

# %% [markdown] name="task-rate" lang="en" tags=["task"]
# **Task.** A head was trained with Adam at a rate of 0.002. Give a rate for fine-tuning that keeps our second rule.
#
# - [?] The rule compares it with the head's rate.
# - [?] Ten times lower than 0.002, or less, but more than nothing.

# %% [markdown] name="task-rate" lang="tr" en="66b8ea4d" tags=["task"]
# **Görev.** Bir başlık, Adam ile ve 0,002 öğrenme oranıyla eğitildi. İkinci kuralımıza uyan bir ince ayar oranı yazın.
# (Kodda ondalık virgül yerine nokta kullanılır.)
#
# - [?] Kural, oranı başlığınkiyle karşılaştırır.
# - [?] 0,002'nin onda biri ya da daha azı, ama sıfırdan büyük.

# %% name="check-rate" tags=["exact"]
my_rate = None
check("03", "task-rate", my_rate, lambda rate: 0 < rate <= 0.002 / 10 * 1.0001)

# %% [markdown] name="task-cut" lang="en" tags=["task"]
# **Task.** Find the earliest end of a block above which at most half of the base's parameters are trained. Answer with
# its name; `block_ends(base_model)` lists them.
#
# - [?] Move the slider, and read the share in the title.
# - [?] `cut_counts(base_model, name)` gives the two numbers that you need to compare.

# %% [markdown] name="task-cut" lang="tr" en="a42f4192" tags=["task"]
# **Görev.** Hangi blok sonlarından yukarısı eğitilirse temel modelin parametrelerinin en çok yarısı eğitilmiş olur? Bu
# koşula uyan ilk blok sonunun adını yazın; `block_ends(base_model)` bütün adları sıralar.
#
# - [?] Kaydırıcıyı oynatın, grafiğin üstündeki orana bakın.
# - [?] Karşılaştırmanız gereken iki sayıyı `cut_counts(base_model, name)` verir.

# %% name="check-cut" tags=["exact"]
half = base_model.count_params() / 2
fitting = [end for end in block_ends(base_model) if cut_counts(base_model, end)["trainable"] <= half]
my_cut = None
check("03", "task-cut", my_cut, lambda cut: cut == fitting[0])

# %% [markdown] name="mistake-awake" lang="en" tags=["task"]
# ## Find the mistake
#
# A colleague unfroze the base in the right way and then, to be on the safe side, added a loop of two lines. Run the cell:
# it counts the layers that are awake but should sleep. Of which class are they? Answer with its name, as a text.
#
# - [?] The loop sets `trainable` on every layer from number 100 on, whatever its kind.
# - [?] Which kind of layer had `unfreeze` left frozen on purpose?

# %% [markdown] name="mistake-awake" lang="tr" en="d50c8f7c" tags=["task"]
# ## Hatayı bulun
#
# Bir arkadaşınız temel modeli doğru biçimde çözdürdü, sonra işi sağlama almak için iki satırlık bir döngü ekledi.
# Hücreyi çalıştırın: uyuması gerekirken uyanık olan katmanları sayar. Bunlar hangi Python sınıfından? Sınıfın adını metin
# olarak yazın.
#
# - [?] Döngü, `trainable` değerini 100 numaralı katmandan başlayarak, türüne bakmadan her katmanda değiştirir.
# - [?] `unfreeze` hangi tür katmanı bilerek dondurulmuş bırakmıştı?

# %% name="check-awake" tags=["exact"]
colleagues = unfreeze(load_base_model("MobileNetV2", edition))
asleep = {layer.name for layer in colleagues.layers if not layer.trainable}
for layer in colleagues.layers[100:]:
    layer.trainable = True
print(sum(layer.name in asleep and layer.trainable for layer in colleagues.layers))
my_answer = None
check("03", "mistake-awake", my_answer, lambda name: name.strip() == "BatchNormalization")

# %% [markdown] name="quiz" lang="en"
# ## Quiz

# %% [markdown] name="quiz" lang="tr" en="f3a0b532"
# ## Kısa sınav

# %% [markdown] name="quiz-head" lang="en" tags=["quiz"]
# Why is the head trained before the base is woken up?
#
# - [ ] Because Keras cannot train both at once
#   No: it can, and our colleague's run did.
# - [ ] Because the head has more weights than the base
#   No: it has one weight for each feature and a bias.
# - [x] Because a random head sends random wishes to the base
#   Yes: together with a high rate they overwrote what pretraining had learned.

# %% [markdown] name="quiz-head" lang="tr" en="4c5d4ef9" tags=["quiz"]
# Başlık neden temel model uyandırılmadan önce eğitilir?
#
# - [ ] Keras ikisini aynı anda eğitemediği için
#   Hayır: eğitebilir; arkadaşımız tam da bunu yaptı.
# - [ ] Başlığın ağırlıkları temel modelinkinden çok olduğu için
#   Hayır: başlığın her öznitelik için bir ağırlığı ve bir de yanlılık terimi (bias) vardır.
# - [x] Rastgele bir başlık temel modele rastgele istekler gönderdiği için
#   Evet: yüksek öğrenme oranıyla birlikte bunlar, ön eğitimde öğrenilenlerin üzerine yazdı.

# %% [markdown] name="quiz-batch-norm" lang="en" tags=["quiz"]
# A model was built with `training=False`. What keeps its moving statistics still in `fit`?
#
# - [x] Batch-normalization layers with `trainable=False`
#   Yes: we counted, and none had changed.
# - [ ] The `training=False` with which it was built
#   No: `fit` overrides it in Keras 3; we counted what moved.
# - [ ] A very low learning rate
#   No: moving statistics follow the batches, not the gradient; the rate does not matter to them.

# %% [markdown] name="quiz-batch-norm" lang="tr" en="60a5767d" tags=["quiz"]
# Bir model `training=False` ile kuruldu. `fit` sırasında hareketli istatistiklerinin değişmesini ne önler?
#
# - [x] Yığın normalleştirme katmanlarında `trainable=False` olması
#   Evet: saydık, hiçbiri değişmemişti.
# - [ ] Modelin `training=False` ile kurulmuş olması
#   Hayır: Keras 3'te `fit` bunu geçersiz kılar; nelerin değiştiğini saydık.
# - [ ] Öğrenme oranının çok düşük olması
#   Hayır: hareketli istatistikler gradyanı değil yığınları izler; öğrenme oranı onları etkilemez.

# %% [markdown] name="quiz-curves" lang="en" tags=["quiz"]
# After unfreezing, training loss goes on falling while validation loss rises. What does that mean?
#
# - [ ] The learning rate is too low
#   No: then both would change slowly.
# - [ ] The test set should choose the epoch
#   No: the test set reports once; choosing is what validation is for.
# - [x] The awake part learns the pictures by heart
#   Yes: so the weights of the best epoch are kept, or fewer layers are woken up.

# %% [markdown] name="quiz-curves" lang="tr" en="3b61ddd2" tags=["quiz"]
# Çözdürdükten sonra eğitim kaybı düşmeye devam ederken doğrulama kaybı yükseliyor. Bu ne demektir?
#
# - [ ] Öğrenme oranı çok düşük
#   Hayır: o zaman ikisi de yavaş değişirdi.
# - [ ] Dönemi test kümesi seçmeli
#   Hayır: test kümesi bir kez sonuç bildirir; seçmek doğrulama kümesinin işidir.
# - [x] Uyandırılan bölüm resimleri ezberliyor
#   Evet: bu yüzden en iyi dönemin ağırlıkları saklanır ya da daha az katman uyandırılır.

# %% name="key-results"
key_results = {"frozen": before, "tuned": after, "test_before": test_before, "test_after": test_after}
key_results |= {"moved_taught": moved_by_taught, "moved_right": moved_by_right}
show_results({message(f"fine_tuning.result_{name}"): value for name, value in key_results.items()})

# %% [markdown] name="recap" lang="en"
# ## In this lesson we…
#
# - woke up the top of a base model, and counted that no batch-normalization statistic moved, while the widely taught
#   recipe moves them;
# - fine-tuned from activations kept at a legal cut, read the curves before and after unfreezing, found out why a hasty run
#   had spoiled its base, and how far down it pays to go;
# - saved the model, loaded it again and exported it for a phone, and all three gave the same answers.
#
# **Read on:** [transfer learning in the Keras guides](https://keras.io/guides/transfer_learning/), [How transferable are
# features in deep neural networks?](https://arxiv.org/abs/1411.1792), [Batch
# normalization](https://arxiv.org/abs/1502.03167).

# %% [markdown] name="recap" lang="tr" en="1f447254"
# ## Bu derste…
#
# - bir temel modelin üst bölümünü uyandırdık ve hiçbir yığın normalleştirme istatistiğinin değişmediğini sayarak
#   gösterdik; yaygın olarak öğretilen tarif ise onları değiştiriyordu;
# - geçerli bir kesim yerinde saklanan etkinleşmelerle ince ayar yaptık, çözdürmenin iki yanındaki eğrileri okuduk,
#   aceleye gelen bir eğitimin temel modeli neden bozduğunu ve ne kadar derine inmeye değdiğini bulduk;
# - modeli kaydettik, yeniden yükledik ve telefon için dışa aktardık; üçü de aynı yanıtları verdi.
#
# **Okumaya devam:** [Keras kılavuzlarında transfer öğrenimi](https://keras.io/guides/transfer_learning/), [Derin sinir
# ağlarında öznitelikler ne kadar aktarılabilir?](https://arxiv.org/abs/1411.1792), [Yığın
# normalleştirme](https://arxiv.org/abs/1502.03167).
