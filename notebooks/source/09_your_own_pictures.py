# %% [markdown] name="from-folder" lang="en"
# ## From a folder to something that others can use
#
# This lesson is a project from beginning to end: a folder of pictures goes in, a classifier with a report card comes
# out, and a page on which others can try it.
#
# The folder is yours if you put its path in place of `None`: one sub-folder a class, as in `pictures/cat` and
# `pictures/dog`. Otherwise the course draws one, as people collect them: with faults. Drawn pictures suit the mini
# edition, photographs the full one.

# %% [markdown] name="from-folder" lang="tr" en="b890b830"
# ## Bir klasörden, başkalarının kullanabileceği bir şeye
#
# Bu ders baştan sona bir projedir: içeri bir resim klasörü girer; dışarı karnesi olan bir sınıflandırıcı ve
# başkalarının onu deneyebileceği bir sayfa çıkar.
#
# `None` yerine kendi klasörünüzün yolunu yazarsanız o kullanılır: `pictures/cat` ve `pictures/dog` gibi, her sınıf
# (class) için bir alt klasör. Yazmazsanız kurs, insanların topladığı klasörlere benzeyen, yani kusurlu bir klasörü
# kendi çizimleriyle hazırlar. Mini sürüme çizimler, tam sürüme fotoğraflar uyar.

# %% name="imports"
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

import keras
import numpy as np
from scipy.stats import binomtest

from tl_helpers.base_models import load_base_model, preprocessing
from tl_helpers.checkup import check_up
from tl_helpers.checkup_report import show_check_up
from tl_helpers.evaluation import confusion_matrix, probabilities
from tl_helpers.features import extract_features
from tl_helpers.folders import read_splits

# %% name="more-imports"
from tl_helpers.distribution import train_on_devices
from tl_helpers.drawn import drawn_pictures
from tl_helpers.fine_tuning import at_cut, classifier_on
from tl_helpers.fine_tuning_plots import show_two_phases
from tl_helpers.interactive import explore, upload
from tl_helpers.messages import message, number, percent
from tl_helpers.plots import class_name, show_confusion
from tl_helpers.results import show_results
from tl_helpers.session import fix_seeds
from tl_helpers.splitting import join, split_at
from tl_helpers.strategy import draw_strategy, reference_runs
from tl_helpers.subgroups import show_subgroups, subgroup_report
from tl_helpers.tasks import check
from tl_helpers.training import fit
from tl_helpers.transfer import compile_classifier, train_head

# %% name="own-folder"
from tl_helpers.own_pictures import count_leaks, own_folder, planted_faults, split_counts

MY_FOLDER = None
folder = own_folder(edition, MY_FOLDER)

# %% [markdown] name="check-up" lang="en"
# ## A check-up before anything else
#
# Of all mistakes in such a project, those in the folder cost the most, since no training shows them. What would you
# look for? Write down three things that can be wrong with a folder of pictures, then run the cell.

# %% [markdown] name="check-up" lang="tr" en="d2a7c861"
# ## Her şeyden önce bir denetim
#
# Böyle bir projede en pahalıya patlayan hatalar klasördekilerdir, çünkü hiçbir eğitim onları göstermez. Siz nelere
# bakardınız? Bir resim klasöründe yanlış olabilecek üç şey yazın, sonra hücreyi çalıştırın.

# %% name="checked"
checked = replace(check_up(folder, edition.image_size), name=folder.name)
show_check_up(checked)
assert planted_faults(folder) <= {finding.kind for finding in checked.findings}

# %% [markdown] name="near-copies" lang="en"
# Each finding says why it matters and what to do. The most dangerous one is the **near copy**: the same picture,
# brightened, resized or saved again. The computer sees two different files. If one of them lies in training and the
# other in test, the model is asked about a picture that it knows: **data leakage**.
#
# The check-up turns each picture into 256 bits (`picture_hashes`) that hardly change when it is brightened, resized or
# saved again, and compares them; a strongly cropped copy may escape. We split the folder twice, first without looking
# at near copies. Does the check-up of the splits notice?

# %% [markdown] name="near-copies" lang="tr" en="54cca317"
# Her bulgu neden önemli olduğunu ve ne yapılacağını söyler. En tehlikelisi **neredeyse aynı resimdir** (near copy):
# aynı resmin parlaklığı artırılmış, boyutu değiştirilmiş ya da yeniden kaydedilmiş hâli. Bilgisayar iki ayrı dosya
# görür. Biri eğitime, öteki teste düşerse modele tanıdığı bir resim sorulmuş olur: **veri sızıntısı** (data leakage).
#
# Denetim her resmi, parlaklığı ya da boyutu değişse ya da yeniden kaydedilse bile pek değişmeyen 256 bite çevirir
# (`picture_hashes`) ve bunları karşılaştırır; çok kırpılmış bir kopya gözden kaçabilir. Klasörü iki kez bölüyoruz,
# ilkinde bu tür kopyalara bakmadan. Kümelerin denetimi bunu fark eder mi?

# %% name="no-leak"
careless = read_splits(folder, edition.image_size, near_copies_together=False)
splits = read_splits(folder, edition.image_size)
leaks = {"careless": count_leaks(careless), "together": count_leaks(splits)}
print(message("own_pictures.leaks", **leaks))
assert leaks["together"] == 0 and (leaks["careless"] > 0 or not planted_faults(folder))

# %% name="counts"
train, validation, test = splits.train, splits.validation, splits.test
print(split_counts(splits))

# %% [markdown] name="strategy" lang="en"
# ## Which strategy?
#
# Lesson 01 measured three ways to train on drawings, for few and many pictures, like and unlike those of the base. We
# look up our place: the training pictures of a class of median size, and a guess at the similarity. Move the second
# slider to yours. Does the advice depend on it?

# %% [markdown] name="strategy" lang="tr" en="1fba6531"
# ## Hangi strateji?
#
# Üç eğitim yolunu 01. ders çizimlerle ölçmüştü: az ve çok resimle, temel modelinkilere (base model) benzeyen ve
# benzemeyen resimlerle. Kendi yerimizi arıyoruz: ortanca büyüklükteki sınıfın eğitim resmi sayısı ve benzerlik için bir
# tahmin. İkinci kaydırıcıyı (slider) kendi tahmininize getirin. Öneri buna bağlı mı?

# %% name="chart"
sizes, similarities = map(sorted, map(set, zip(*reference_runs())))
typical = np.median(np.bincount(train.labels))
nearest = min(sizes, key=lambda size: abs(size - typical))
explore(draw_strategy, {message("strategy.size"): sizes, message("strategy.similarity"): similarities}, (nearest, 1.0))

# %% [markdown] name="head-first" lang="en"
# ## Train: first the head, then the top of the base
#
# Whatever the advice, the way begins with a frozen base and a new head on features that are computed once. The head has
# a score for each class, even if there are only two. It is cheap, and it is what fine-tuning must beat.

# %% [markdown] name="head-first" lang="tr" en="aba4c692"
# ## Eğitim: önce başlık, sonra temel modelin üstü
#
# Öneri ne olursa olsun yol, dondurulmuş (frozen) bir temel modelle ve bir kez hesaplanan öznitelikler (feature)
# üzerinde yeni bir başlıkla (head) başlar. Başlığın her sınıf için bir skoru vardır, sınıf sayısı iki olsa bile.
# Ucuzdur; ince ayarın (fine-tuning) geçmesi gereken de odur.

# %% name="features"
base_model, preprocess = load_base_model("MobileNetV2", edition), preprocessing("MobileNetV2")
train_features = extract_features(base_model, preprocess, train.images)
validation_features = extract_features(base_model, preprocess, validation.images)
held_out = (validation_features, validation.labels)

# %% name="head"
fix_seeds(0)
settings = {"outputs": len(train.class_names), "learning_rate": 3e-3, "validation_data": held_out}
head, head_history = train_head(train_features, train.labels, **settings)

# %% [markdown] name="fine-tune" lang="en"
# Now we wake up the blocks above a legal cut, at a tenth of the head's rate or less, and `fit` keeps the best epoch.
# Then validation chooses between the two: the lower loss wins. What do you expect: does fine-tuning pay for these
# pictures?

# %% [markdown] name="fine-tune" lang="tr" en="5ba4101f"
# Şimdi geçerli bir kesim yerinin üstündeki blokları, başlığın öğrenme oranının (learning rate) en çok onda biriyle
# uyandırıyoruz; `fit` en iyi dönemi (epoch) saklar. Sonra ikisi arasında seçimi doğrulama kümesi (validation set)
# yapar: kaybı (loss) düşük olan kazanır. Ne beklersiniz: ince ayar bu resimlerde işe yarar mı?

# %% name="waken"
CUT = "block_10_project_BN"
fresh = load_base_model("MobileNetV2", edition)
top, (inside, held_inside) = at_cut(fresh, preprocess, CUT, train.images, validation.images)
classifier = classifier_on(top, head, learning_rate={"mini": 3e-4, "full": 1e-4}[edition.name])
untuned = classifier.get_weights()

# %% name="tuned"
held_out_inside = (held_inside, validation.labels)
classifier, history = fit(classifier, (inside, train.labels), held_out_inside, epochs=6)
show_two_phases(head_history.history, history)

# %% name="choose"
losses = {"frozen": head.evaluate(*held_out, verbose=0)[0], "fine_tuned": min(history["val_loss"])}
chosen = min(losses, key=losses.get)
if chosen == "frozen":
    classifier.set_weights(untuned)
shown = {name: number(loss, 3) for name, loss in losses.items()}
print(message("own_pictures.chosen", chosen=message(f"strategy.{chosen}"), **shown))
assert np.isclose(classifier.evaluate(*held_out_inside, verbose=0)[0], losses[chosen], rtol=0.02, atol=1e-3)

# %% name="finished"
pictures_in = keras.Input(base_model.input_shape[1:])  # (size, size, 3)
finished = keras.Model(pictures_in, join(split_at(fresh, CUT)[0], classifier)(preprocess(pictures_in)))

# %% [markdown] name="unknown" lang="en"
# ## "I don't know"
#
# Others will show the model pictures that it cannot tell. It should be allowed to say so: below a **threshold** for its
# confidence, the probability of the likeliest class. Where to put it? Nobody can say in general, but validation can:
# the lowest threshold, from 50 % up, at which enough of the answers are right.
#
# We want that to be 98 of 100; with fewer than 50 validation pictures that means no mistake at all. If the threshold
# comes out at 100 %, look at the surest mistake (is its label right?) or ask for less: `wanted=0.9`. Move the slider up
# from there: does more silence always buy more right answers, and what does it cost?

# %% [markdown] name="unknown" lang="tr" en="f3105073"
# ## "Bilmiyorum"
#
# Başkaları modele, ayırt edemeyeceği resimler de gösterecek. Özgüveni (confidence), yani en olası sınıfın olasılığı,
# bir **eşiğin** (threshold) altındaysa model bunu söyleyebilmelidir. Eşik nerede olmalı? Genel bir yanıt yoktur, ama
# doğrulama kümesi söyleyebilir: %50'den başlayarak, verilen yanıtların yeterli bir bölümünün doğru olduğu en düşük
# eşik.
#
# 100 yanıttan 98 tanesi doğru olsun istiyoruz; doğrulama resmi 50'den azsa bu, hiç hata yok demektir. Eşik %100 çıkarsa
# en emin olunan hataya bakın (etiketi doğru mu?) ya da daha azını isteyin: `wanted=0.9`. Kaydırıcıyı oradan yukarı
# götürün: daha çok susmak her zaman daha çok doğru yanıt mı kazandırıyor, neye mal oluyor?


# %% name="write-threshold"
def confidence_and_right(labels, logits):
    shares = probabilities(logits)
    return shares.max(axis=1), shares.argmax(axis=1) == labels


def choose_threshold(confidence, right, wanted=0.95):
    for threshold in np.arange(50, 100) / 100:
        given = confidence >= threshold
        if given.any() and right[given].mean() >= wanted:
            return float(threshold)
    return 1.0


# %% name="threshold"
from tl_helpers.report_card import read_silence
from tl_helpers.report_card_plots import draw_doubt, show_mistakes, show_reliability

confidence, right = confidence_and_right(validation.labels, finished.predict(validation.images, verbose=0))
threshold = choose_threshold(confidence, right, wanted=0.98)
given = right[confidence >= threshold]
assert len(given) == 0 or given.mean() >= 0.98
steps = sorted({threshold, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95})
explore(partial(draw_doubt, confidence, right), {message("report_card.doubt_slider"): steps}, start=(threshold,))

# %% [markdown] name="report-card" lang="en"
# ## The report card
#
# Everything is chosen; now the test set speaks, once. A share of so few pictures needs an interval. Lesson 07 took
# Wilson's from a library; here it is by hand. Before you run it: will it be wider for the class with the fewest
# pictures?

# %% [markdown] name="report-card" lang="tr" en="119838e4"
# ## Karne
#
# Her şey seçildi; şimdi test kümesi (test set) konuşuyor, bir kez. Bu kadar az resimden hesaplanan bir oranın aralığı
# da verilmelidir. 07. ders Wilson aralığını bir kitaplıktan almıştı; burada elle yazıyoruz. Çalıştırmadan önce: aralık,
# resmi en az olan sınıfta daha mı geniş olur?


# %% name="write-interval"
def wilson_interval(right, total, z=1.96):
    share, spread = right / total, z**2 / total
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * np.sqrt(share * (1 - share) / total + spread / (4 * total))
    return float(middle - half), float(middle + half)


# %% name="interval"
test_logits = finished.predict(test.images, verbose=0)
predicted = test_logits.argmax(axis=1)
confidence_on_test, right_on_test = confidence_and_right(test.labels, test_logits)
low, high = wilson_interval(right_on_test.sum(), len(test))
library = binomtest(int(right_on_test.sum()), len(test)).proportion_ci(method="wilson")
np.testing.assert_allclose((low, high), (library.low, library.high), atol=1e-4)

# %% name="report"
shown = {"accuracy": percent(right_on_test.mean()), "low": percent(low), "high": percent(high)}
print(message("report_card.accuracy", count=number(len(test)), **shown))
print(read_silence(confidence_on_test, right_on_test, threshold))
show_subgroups(subgroup_report(test.labels, predicted, [class_name(test.class_names[i]) for i in test.labels]))

# %% [markdown] name="read-interval" lang="en"
# The fewer pictures, the longer the line: that is what "the classes differ in size" costs.
#
# We wanted 98 of 100. Does the test set keep that? Validation chose epoch, model and threshold, so its figures flatter
# all three. Promise others the test figure, with its interval.
#
# Which classes are taken for one another? Look at the surest mistakes: would you have known?

# %% [markdown] name="read-interval" lang="tr" en="6ff53763"
# Resim azaldıkça çizgi uzar: "Sınıfların büyüklüğü farklı" bulgusunun bedeli budur.
#
# 100 yanıttan 98 doğru istemiştik. Test kümesi bu sözü tutuyor mu? Dönemi, modeli ve eşiği doğrulama kümesi seçti; bu
# yüzden onun sayıları üçünü de olduğundan iyi gösterir. Başkalarına söz vereceğiniz sayı, aralığıyla birlikte test
# kümesininkidir.
#
# Hangi sınıflar birbiriyle karıştırılıyor? Modelin en emin olduğu hatalara bakın: siz bilir miydiniz?

# %% name="mistakes"
show_confusion(confusion_matrix(test.labels, predicted, len(test.class_names)), test.class_names)
show_mistakes(test, test_logits)

# %% [markdown] name="calibration" lang="en"
# ### Is it as sure as it should be?
#
# Of all answers with a confidence of about 80 %, about 80 % should be right. A model for which that holds is
# **calibrated**. We put answers of similar confidence together and compare the two. Their mean distance over all
# answers is the **expected calibration error**. Will our model claim too much, or too little?

# %% [markdown] name="calibration" lang="tr" en="e0aa0bb2"
# ### Olması gerektiği kadar mı emin?
#
# Özgüveni %80 dolayında olan yanıtların yaklaşık %80'i doğru olmalıdır. Bunun geçerli olduğu modele **kalibre edilmiş**
# (calibrated) denir. Özgüveni birbirine yakın yanıtları bir araya toplayıp özgüven ile doğru yanıtların oranını
# karşılaştırıyoruz. Aradaki uzaklığın bütün yanıtlar üzerinden ortalaması **beklenen kalibrasyon hatasıdır** (expected
# calibration error). Bizim modelimiz kendine fazla mı güveniyor, az mı?


# %% name="write-calibration"
def calibration_bins(confidence, right, bins=10):
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    members = [place == part for part in range(bins)]
    return [(float(confidence[m].mean()), float(right[m].mean()), int(m.sum())) for m in members if m.any()]


def expected_calibration_error(confidence, right, bins=10):
    parts = calibration_bins(confidence, right, bins)
    return sum(count * abs(said - true) for said, true, count in parts) / len(right)


# %% name="calibration-proof"
calibration_error = expected_calibration_error(confidence_on_test, right_on_test)
show_reliability(confidence_on_test, right_on_test)
dice = np.random.default_rng(0).random((200, len(test)))
honest = [expected_calibration_error(confidence_on_test, row < confidence_on_test) for row in dice]
shown = {"mean": number(100 * np.mean(honest), 1), "most": number(100 * np.quantile(honest, 0.95), 1)}
print(message("report_card.if_honest", count=number(len(test)), **shown))
said, drawn = np.random.default_rng(0).random((2, 100_000))
assert expected_calibration_error(said, drawn < said) < 0.01 < expected_calibration_error(said, drawn >= 0)

# %% [markdown] name="read-calibration" lang="en"
# Each dot is a group of answers with its number; on the dotted line a model is right as often as it says. Does its
# interval reach the line? Honest answers get nearly 0 if there are 100,000, but not if as few as ours. Is our error
# larger?

# %% [markdown] name="read-calibration" lang="tr" en="3735d335"
# Her nokta bir grup yanıttır, yanındaki sayı gruptaki yanıt sayısıdır; noktaları tam noktalı çizgiye düşen model dediği
# kadar doğrudur. Noktanın aralığı çizgiye ulaşıyor mu? Uydurma, dürüst yanıtlar 100.000 taneyse 0'a yakın bir değer
# alır, bizimki kadar azsa almaz. Bizim hatamız onlarınkinden büyük mü?

# %% [markdown] name="export" lang="en"
# ## Hand it on
#
# A shared classifier is a folder: the model, the names of its answers, the threshold. Phones get two TFLite files, with
# float32 numbers and **quantized** to int8. Quantization must know the values inside the network, so it gets some
# **representative** pictures.
#
# We ask about up to 500 pictures, training pictures too: we compare models with one
# another, not with the truth. How often will int8 differ?

# %% [markdown] name="export" lang="tr" en="2fed50f4"
# ## Başkalarına vermek
#
# Paylaşılan bir sınıflandırıcı bir klasördür: model, yanıtlarının adları ve eşik. Telefonlar için iki TFLite dosyası
# ekliyoruz: biri float32 sayılarla, öteki int8'e **nicemlenmiş** (quantized) olarak. Nicemleme, ağın içinden hangi
# değerlerin geçtiğini bilmelidir; bu yüzden ona birkaç **temsilci** (representative) resim veriyoruz.
#
# En çok 500 resim soruyoruz, eğitim resimleri de içinde; çünkü modelleri gerçekle
# değil, birbiriyle karşılaştırıyoruz. int8 ne sıklıkla farklı yanıt verir?

# %% name="write-files"
from tl_helpers.export import run_tflite, to_int8, to_tflite
from tl_helpers.shared_model import draw_answer, load_shared, save_shared, show_answer

place = Path("." if MY_FOLDER else mkdtemp())
model_folder = save_shared(place / "model", finished, train.class_names, threshold)
shared = load_shared(model_folder)
representative = train.images[:: max(1, len(train) // 100)]
files = {"float32": to_tflite(finished), "int8": to_int8(finished, representative)}
for name, content in files.items():
    (model_folder / f"model_{name}.tflite").write_bytes(content)
print(*sorted(path.name for path in model_folder.iterdir()))

# %% name="ask-keras"
every = np.concatenate([train.images, validation.images, test.images])
asked = every[np.linspace(0, len(every) - 1, min(500, len(every))).astype(int)]
keras_answers = finished.predict(asked, verbose=0).argmax(axis=1)
np.testing.assert_array_equal(np.argmax(shared.model(asked[:32].astype("float32")), axis=1), keras_answers[:32])

# %% name="agreement"
agreement = {}
for name, content in files.items():
    agreement[name] = np.mean(run_tflite(content, asked).argmax(axis=1) == keras_answers)
    shown = {"size": number(len(content) / 1e6, 2), "share": percent(agreement[name]), "count": len(asked)}
    print(message("own_pictures.file", name=name, **shown))
assert not planted_faults(folder) or (agreement["float32"] >= 0.99 and agreement["int8"] >= 0.97)
assert len(files["int8"]) < len(files["float32"]) / 2

# %% [markdown] name="app" lang="en"
# ## A small app
#
# Here is what others will see: the likeliest answers, and silence below the threshold (dashed). Upload pictures of your
# own.
#
# First a hundred drawings of things of none of its classes. (The mini edition's base saw such things in pretraining.)
# How often will it say that it does not know?

# %% [markdown] name="app" lang="tr" en="6d879ce3"
# ## Küçük bir uygulama
#
# Başkaları şunu görecek: en olası yanıtlar, eşiğin (kesikli çizgi) altında ise yalnızca "Bilmiyorum". Kendi
# resimlerinizi yükleyin.
#
# Önce bunu, hiçbir sınıfa girmeyen yüz şeyin çizimiyle deniyoruz. (Mini sürümün temel modeli ön eğitimde böyle şeyler
# gördü.) Model bilmediğini ne sıklıkla söyleyecek?

# %% name="strangers"
strangers = drawn_pictures(("cup", "boat", "owl", "house"), 25, 901, edition.image_size, similarity=0.8).images
stranger_confidence = probabilities(finished.predict(strangers, verbose=0)).max(axis=1)
silent, own = np.sum(stranger_confidence < threshold), percent(np.mean(confidence_on_test < threshold), 0)
print(message("own_pictures.strangers", silent=number(silent), count=number(len(strangers)), own=own))

# %% name="upload"
upload(partial(draw_answer, shared))
show_answer(shared, test.images[0])
for index in (np.argmin(stranger_confidence), np.argmax(stranger_confidence)):
    show_answer(shared, strangers[index])

# %% [markdown] name="limits" lang="en"
# A threshold catches doubt between the classes, not everything that is foreign: the last picture is the one of the
# hundred of which our model was surest. So a shared model needs a sentence about what it is for.
#
# With pictures of your own, the folder `model` lies beside this notebook. In a terminal of your own computer (from
# Colab, download the folder first), `python -m tl_helpers.app model` makes a page of it, with upload and camera, in
# both languages; it needs the course's extra `app`. It runs on your machine only and throws each picture away once it
# is answered.
#
# `python -m tl_helpers.project my_project` writes a project to copy. What does it hold?

# %% [markdown] name="limits" lang="tr" en="82ab2a74"
# Eşik, sınıflar arasındaki kararsızlığı yakalar, yabancı olan her şeyi değil: son resim, modelimizin yüz resim arasında
# en emin olduğu resimdir. Bu yüzden paylaşılan bir modelin yanında, ne için olduğunu söyleyen bir cümle bulunmalıdır.
#
# Resimler sizinse `model` klasörü bu not defterinin yanındadır. Kendi bilgisayarınızın terminalinde (Colab'da
# çalıştıysanız önce klasörü indirin) `python -m tl_helpers.app model` ondan, yükleme ve kamera ile iki dilde çalışan
# bir sayfa yapar; kursun isteğe bağlı `app` bileşeni gerekir. Sayfa yalnızca sizin makinenizde çalışır ve her resmi
# yanıtlanır yanıtlanmaz siler.
#
# `python -m tl_helpers.project my_project` kopyalanacak bir proje yazar. İçinde ne var?

# %% name="project"
from tl_helpers.project import write_project

print(*[path.name for path in write_project(Path(mkdtemp()) / "my_project")])

# %% [markdown] name="devices" lang="en"
# ## More than one device
#
# With several GPUs, each takes a part of every batch; their gradients are averaged, so all keep the same weights.
# TensorFlow calls this a **distribution strategy** (not the strategy that we chose above). The model must be built
# under it, so our `fit` takes it together with a *function* that builds the model; in plain Keras you build and compile
# inside `with strategy.scope():`. The batch size is that of all devices together.
#
# We have no second GPU, but one processor can count as two **logical devices**. TensorFlow must be told before it
# begins, so this runs in a process of its own. Same seed, same whole batches: will one device and two end with the same
# weights?

# %% [markdown] name="devices" lang="tr" en="82aa3ab3"
# ## Birden çok aygıt
#
# Birkaç GPU varsa her biri, her yığının (batch) bir bölümünü alır; gradyanlarının (gradient) ortalaması alınır, böylece
# hepsinde aynı ağırlıklar bulunur. TensorFlow'da bunun adı **dağıtım stratejisidir** (distribution strategy); yukarıda
# seçtiğimiz stratejiyle ilgisi yoktur. Model onun altında kurulmalıdır; bu yüzden bizim `fit` fonksiyonumuz onu, modeli
# kuran bir *fonksiyonla* birlikte alır. Yalnızca Keras ile çalışırken model `with strategy.scope():` içinde kurulup
# derlenir. Yığın boyutu bütün aygıtların toplamıdır.
#
# İkinci bir GPU'muz yok, ama tek bir işlemci iki **mantıksal aygıt** (logical device) sayılabilir. Bunun TensorFlow'a,
# o çalışmaya başlamadan söylenmesi gerekir; bu yüzden bu eğitim ayrı bir süreçte çalışır. Aynı tohum değeri (seed),
# aynı tam yığınlar: bir aygıt ile iki aygıt aynı ağırlıklarla mı bitirir?


# %% name="write-shared"
def build_head(channels, classes):
    fix_seeds(0)
    layers = [keras.Input((channels,)), keras.layers.Dense(classes)]
    return compile_classifier(keras.Sequential(layers), learning_rate=1e-3)


def train_shared(features, labels, strategy=None, epochs=3):
    build = partial(build_head, features.shape[1], int(labels.max()) + 1)
    batch_size = min(32, len(labels) // 2 * 2)
    whole = len(labels) // batch_size * batch_size
    settings = {"epochs": epochs, "batch_size": batch_size, "strategy": strategy, "show_progress": False}
    model, _ = fit(build, (features[:whole], labels[:whole]), **settings)
    return list(model.get_weights())


# %% name="devices-agree"
alone = train_shared(train_features, train.labels)
together = train_on_devices(train_features, train.labels, count=2)
difference = max(np.abs(one - two).max() for one, two in zip(alone, together))
print(message("own_pictures.devices", difference=number(difference, 9)))
assert difference < 2e-3 < max(np.abs(one).max() for one in alone)

# %% [markdown] name="read-devices" lang="en"
# What difference there is comes from rounding: the same numbers are added in another order. Two logical devices share
# one processor, so they are not faster; two GPUs can be. Several machines take another strategy and the same line.

# %% [markdown] name="read-devices" lang="tr" en="d089017c"
# Bir fark varsa yuvarlamadan gelir: aynı sayılar başka bir sırayla toplanır. İki mantıksal aygıt tek bir işlemciyi
# paylaştığı için daha hızlı değildir; iki GPU daha hızlı olabilir. Birkaç makine için strateji değişir, satır aynı
# kalır.

# %% [markdown] name="task-interval" lang="en" tags=["task"]
# **Task.** A friend shows the model 20 new pictures, and all 20 answers are right. "100 percent!" How low may the true
# share (0–1) still be, by the 95 % interval?
#
# - [?] Which function of this lesson takes the number of right answers and the number of all answers?
# - [?] `wilson_interval(20, 20)` gives both ends; you need the lower one.

# %% [markdown] name="task-interval" lang="tr" en="0122b729" tags=["task"]
# **Görev.** Bir arkadaşınız modele 20 yeni resim gösteriyor, 20 yanıtın hepsi doğru çıkıyor. "Yüzde 100!" %95 aralığına
# göre gerçek oran (0–1) yine de ne kadar düşük olabilir?
#
# - [?] Bu dersin hangi fonksiyonu doğru yanıtların sayısı ile bütün yanıtların sayısını alıyor?
# - [?] `wilson_interval(20, 20)` iki ucu da verir; size alttaki gerekiyor.

# %% name="check-interval" tags=["exact"]
my_lowest = None
check("09", "task-interval", my_lowest, lambda answer: abs(answer - wilson_interval(20, 20)[0]) < 0.005)

# %% [markdown] name="task-sure" lang="en" tags=["task"]
# **Task.** A museum wants 99 of 100 answers right and accepts more silence. Which share (0–1) of the validation
# pictures would the model still answer?
#
# - [?] First find the new threshold, with the same function as above and another `wanted`.
# - [?] Then count: how many values of `confidence` are at least that high?

# %% [markdown] name="task-sure" lang="tr" en="bfaca364" tags=["task"]
# **Görev.** Bir müze, 100 yanıttan 99 tanesinin doğru olmasını istiyor; modelin daha sık susmasına da razı. Model,
# doğrulama resimlerinin, oran olarak (0–1), ne kadarını yine de yanıtlar?
#
# - [?] Önce yukarıdaki fonksiyonla, başka bir `wanted` değeri vererek yeni eşiği bulun.
# - [?] Sonra sayın: `confidence` değerlerinin kaçı en az bu kadar yüksek?

# %% name="check-sure" tags=["exact"]
strict = np.mean(confidence >= choose_threshold(confidence, right, 0.99))
my_share = None
check("09", "task-sure", my_share, lambda answer: abs(answer - strict) < 0.005)

# %% [markdown] name="mistake-range" lang="en" tags=["task"]
# ## Find the mistake
#
# A colleague quantizes the same model, with the same representative pictures, but "normalised, as one does": divided
# by 255. Run the cell. The file is just as small, and nothing complains.
#
# **Task.** In which range must the representative pictures be? Answer with the lowest and the highest value, such as
# `(-1, 1)`.
#
# - [?] Quantization looks at the values that pass through the network. Which pictures will people give it later?
# - [?] Preprocessing is inside the model, so it takes plain pictures.

# %% [markdown] name="mistake-range" lang="tr" en="b0514c28" tags=["task"]
# ## Hatayı bulun
#
# Bir arkadaşınız aynı modeli aynı temsilci resimlerle nicemliyor, ama resimleri "her zamanki gibi normalleştirerek",
# yani 255'e bölerek. Hücreyi çalıştırın. Dosya yine o kadar küçük, şikâyet eden de yok.
#
# **Görev.** Temsilci resimler hangi aralıkta olmalı? En küçük ve en büyük değeri yazın, örneğin `(-1, 1)`.
#
# - [?] Nicemleme, ağdan geçen değerlere bakar. İnsanlar sonra modele nasıl resimler verecek?
# - [?] Ön işleme modelin içindedir; model bu yüzden resimleri işlenmemiş hâliyle alır.

# %% name="check-range"
colleagues = to_int8(finished, representative / 255)
agreeing = np.mean(run_tflite(colleagues, asked).argmax(axis=1) == keras_answers)
shown = {"size": number(len(colleagues) / 1e6, 2), "share": percent(agreeing), "count": len(asked)}
print(message("own_pictures.file", name=message("own_pictures.colleague"), **shown))
assert agreeing < agreement["int8"] or not planted_faults(folder)

my_range = None
check("09", "mistake-range", my_range, lambda answer: tuple(answer) == (0, 255))

# %% [markdown] name="quiz" lang="en"
# ## Quiz

# %% [markdown] name="quiz" lang="tr" en="f3a0b532"
# ## Kısa sınav

# %% [markdown] name="quiz-copy" lang="en" tags=["quiz"]
# The same picture lies in training, and brightened a little in test. What does that do?
#
# - [ ] Nothing: the two files have different bytes
#   No: the bytes differ, but the model sees almost the same picture.
# - [x] The test accuracy comes out too high
#   Yes: the model is asked about a picture that it was taught. That is leakage.
# - [ ] The training fails
#   No: nothing complains, which makes this mistake dangerous.

# %% [markdown] name="quiz-copy" lang="tr" en="7fb94322" tags=["quiz"]
# Aynı resim eğitimde duruyor, parlaklığı biraz artırılmış hâli de testte. Bu neye yol açar?
#
# - [ ] Hiçbir şeye: iki dosyanın baytları farklı
#   Hayır: baytlar farklı, ama model neredeyse aynı resmi görür.
# - [x] Test doğruluğu olduğundan yüksek çıkar
#   Evet: modele, öğretilmiş bir resim sorulur. Buna sızıntı denir.
# - [ ] Eğitim hata verir
#   Hayır: kimse şikâyet etmez; bu hatayı tehlikeli yapan da budur.

# %% [markdown] name="quiz-calibrated" lang="en" tags=["quiz"]
# A calibrated model answers 50 pictures with a confidence of about 70 %. How many of these answers do you expect to be
# wrong?
#
# - [x] About 15
#   Yes: 70 % sure and calibrated means right in about 35 of 50.
# - [ ] None: 70 % is more than one half
#   No: the likeliest class is the best answer, not a certain one.
# - [ ] About 35
#   No: so many should be right.

# %% [markdown] name="quiz-calibrated" lang="tr" en="b1fbd477" tags=["quiz"]
# Kalibre edilmiş bir model 50 resmi %70 dolayında bir özgüvenle yanıtlıyor. Bu yanıtlardan kaçının yanlış olmasını
# beklersiniz?
#
# - [x] Yaklaşık 15
#   Evet: kalibre edilmiş bir modelde %70 özgüven, 50 yanıttan yaklaşık 35 tanesinin doğru olması demektir.
# - [ ] Hiçbirinin: %70 yarıdan çok
#   Hayır: en olası sınıf en iyi yanıttır, kesin yanıt değil.
# - [ ] Yaklaşık 35
#   Hayır: o kadarı doğru olmalıdır.

# %% [markdown] name="quiz-unknown" lang="en" tags=["quiz"]
# Someone shows the app a picture of something that is none of its classes. What may you promise?
#
# - [ ] It says "I don't know"
#   No: we counted, and it may well be sure of a thing that it never saw.
# - [ ] It names the class that looks most like it, with low confidence
#   No: the confidence compares the classes with one another; it can be high for anything.
# - [x] Nothing certain: it may keep silent or be sure; how often, only a trial with such pictures tells
#   Yes: that is why a shared model says what it is for.

# %% [markdown] name="quiz-unknown" lang="tr" en="bc2c046c" tags=["quiz"]
# Biri uygulamaya, sınıflarından hiçbirine girmeyen bir şeyin resmini gösteriyor. Neyin sözünü verebilirsiniz?
#
# - [ ] "Bilmiyorum" der
#   Hayır: saydık; hiç görmediği bir şeyden pekâlâ emin olabilir.
# - [ ] En çok benzeyen sınıfın adını düşük bir özgüvenle söyler
#   Hayır: özgüven sınıfları birbiriyle karşılaştırır; her şey için yüksek olabilir.
# - [x] Kesin bir şeyin sözünü veremem: susabilir de, emin de olabilir; ne sıklıkla, bunu ancak böyle resimlerle bir deneme söyler
#   Evet: paylaşılan bir model bu yüzden ne için olduğunu söyler.

# %% name="key-results"
key_results = {"accuracy": right_on_test.mean(), "low": low, "high": high, "calibration": calibration_error}
key_results |= {"threshold": threshold, "strangers": silent / len(strangers), **agreement}
show_results({message(f"own_pictures.result_{name}"): float(value) for name, value in key_results.items()})

# %% [markdown] name="recap" lang="en"
# ## In this lesson we…
#
# - checked a folder before training, found what was torn, doubled, nearly the same and lopsided, and kept near copies
#   on one side of the split;
# - wrote a report card: accuracy with its interval, mistakes, calibration, and a threshold below which the model
#   says that it does not know;
# - handed the model on as three files that agree, as an app and as a project, and trained on two devices to the same
#   weights.
#
# **Read on:** [On calibration of modern neural networks](https://arxiv.org/abs/1706.04599),
# [Model cards for model reporting](https://arxiv.org/abs/1810.03993),
# [distributed training in the Keras guides](https://keras.io/guides/distributed_training_with_tensorflow/).

# %% [markdown] name="recap" lang="tr" en="637065bf"
# ## Bu derste…
#
# - eğitimden önce bir klasörü denetledik; yarım kalmış dosyayı, kopyayı, neredeyse aynı resimleri ve sınıflar
#   arasındaki dengesizliği bulduk, neredeyse aynı resimleri bölmenin tek yanında tuttuk;
# - bir karne yazdık: aralığıyla birlikte doğruluk, hatalar, kalibrasyon ve altında modelin bilmediğini söylediği bir
#   eşik;
# - modeli, yanıtları örtüşen üç dosya, bir uygulama ve bir proje olarak başkalarına verdik, iki aygıtta eğiterek aynı
#   ağırlıklara ulaştık.
#
# **Okumaya devam:** [Modern sinir ağlarında kalibrasyon](https://arxiv.org/abs/1706.04599),
# [Model kartları](https://arxiv.org/abs/1810.03993),
# [Keras kılavuzlarında dağıtık eğitim](https://keras.io/guides/distributed_training_with_tensorflow/).
