# %% [markdown] name="where-we-are" lang="en"
# ## Where we are
#
# So far we have judged networks by their answers. Now we open one: what does it look for, and where in a picture does
# it find what speaks for *dog*?
#
# Tools that look inside make convincing pictures, and what convinces need not be true. So we keep one rule: **a tool is
# first tried where we know the answer**.
#
# Where would *you* look to tell a cat from a dog? Does a network look there too?

# %% [markdown] name="where-we-are" lang="tr" en="09e594d3"
# ## Neredeyiz?
#
# Şimdiye kadar ağları yanıtlarıyla değerlendirdik. Şimdi birinin içini açıyoruz: ne arıyor, bir resmin neresinde
# *köpek* lehine bir şey buluyor?
#
# Ağın içine bakan araçlar inandırıcı resimler üretir; ama inandırıcı olan doğru olmayabilir. Bu yüzden bir kuralımız
# var: **her araç önce yanıtını bildiğimiz yerde denenir**.
#
# Bir kediyi köpekten ayırmak için *siz* nereye bakardınız? Ağ da oraya mı bakıyordur?

# %% name="imports"
import keras
import numpy as np
import tensorflow as tf

from tl_helpers.base_models import load_base_model, preprocessing
from tl_helpers.evaluation import accuracy, predicted_classes
from tl_helpers.features import extract_features
from tl_helpers.interactive import explore
from tl_helpers.known_answers import hidden_classes, linear_filters, one_filter, places_lit, stripes, two_patches
from tl_helpers.messages import message, number, percent
from tl_helpers.pictures import load_pictures
from tl_helpers.results import show_results
from tl_helpers.session import fix_seeds
from tl_helpers.tasks import check
from tl_helpers.transfer import train_head

# %% name="load"
splits = load_pictures("cats_and_dogs", edition)
parts = ((splits.train, 400), (splits.validation, 200))
train, validation = (part.take(np.arange(0, len(part), max(1, len(part) // most))) for part, most in parts)
base_model, preprocess = load_base_model("MobileNetV2", edition), preprocessing("MobileNetV2")

# %% name="head"
train_features, held_out = (extract_features(base_model, preprocess, part.images) for part in (train, validation))
fix_seeds(0)
head, _ = train_head(train_features, train.labels, learning_rate=3e-3)
logits = head(held_out).numpy()  # (n, 1)
share_right = accuracy(validation.labels, predicted_classes(logits))
print(message("looking.accuracy", count=len(validation), accuracy=percent(share_right)))

# %% [markdown] name="known-filter-text" lang="en"
# ## A filter whose answer we know
#
# At each place of a picture a filter gives a number, its **activation**; together they form a map, one channel of a
# layer. We first try one made by hand: dark left, bright right. At how many places will it answer to
# upright stripes, at how many to lying ones?

# %% [markdown] name="known-filter-text" lang="tr" en="6578c3bb"
# ## Yanıtını bildiğimiz bir filtre
#
# Filtre, resmin her konumunda bir sayı verir: o konumdaki **etkinleşme** (activation). Bu sayılar bir haritayı, yani
# katmanın (layer) bir kanalını oluşturur. İlk aracımızı elle yapılmış, solu koyu, sağı açık yerleri arayan bir filtrede
# deniyoruz. Dik çizgilere kaç konumda, yatay çizgilere kaç konumda tepki verecek?


# %% name="activations"
def activations(model, names, inputs):
    outputs = {name: model.get_layer(name).output for name in names}
    answers = keras.Model(model.input, outputs)(inputs, training=False)
    return {name: np.asarray(answers[name]) for name in names}


# %% name="known-filter" tags=["exact"]
edge = np.tile([-1, 0, 1], (3, 1))  # three rows
lit = np.sum(activations(one_filter(edge), ["filter"], stripes())["filter"] > 0, axis=(1, 2, 3))
print(message("looking.lit", upright=lit[0], lying=lit[1]))
assert lit[0] > 0 == lit[1]

# %% [markdown] name="task-filter" lang="en" tags=["task"]
# **Task.** Make a filter that answers to the lying stripes only: three rows of three numbers, as an array.
#
# - [?] Our filter compares what is left with what is right. What should yours compare?
# - [?] Turn the filter by a quarter: `np.array([[-1, -1, -1], …])`, with the opposite in the last row.

# %% [markdown] name="task-filter" lang="tr" en="3eff0038" tags=["task"]
# **Görev.** Yalnızca yatay çizgilere tepki veren bir filtre yapın: üç sayıdan oluşan üç satır, bir dizi olarak.
#
# - [?] Bizim filtremiz solda olanı sağda olanla karşılaştırıyor. Sizinki neyi karşılaştırmalı?
# - [?] Filtreyi çeyrek tur döndürün: `np.array([[-1, -1, -1], …])`; son satır bunun tersi olsun.

# %% name="check-filter" tags=["exact"]
my_filter = None
upright, lying = stripes()
check("08", "task-filter", my_filter, lambda mine: places_lit(mine, lying) > 0 == places_lit(mine, upright))

# %% [markdown] name="first-layer" lang="en"
# ## What the first filters look for
#
# The base model's filters were learned. Those of the first layer work on red, green and blue, so they can be looked at
# as pictures: grey is a weight of 0, bright a positive one, dark a negative one. What do you expect: pieces of animals?

# %% [markdown] name="first-layer" lang="tr" en="8c2c9f64"
# ## İlk filtreler ne arar?
#
# Temel modelin (base model) filtreleri öğrenilmiştir. İlk katmandakiler kırmızı, yeşil ve mavi kanallar üzerinde
# çalışır; bu yüzden onlara birer resim gibi bakılabilir: gri 0'ı, açık tonlar artı, koyu tonlar eksi ağırlıkları
# gösterir. Ne beklersiniz: hayvan parçaları mı?


# %% name="filters"
def filter_pictures(kernel):
    filters = np.moveaxis(kernel, -1, 0)  # (filters, h, w, 3)
    strongest = np.abs(filters).max(axis=(1, 2, 3), keepdims=True)
    return np.asarray(np.round(127.5 + 127.5 * filters / strongest), dtype=np.uint8)


# %% name="show-filters"
from functools import partial

from tl_helpers.looking import in_batches, middle_of, receptive_fields
from tl_helpers.looking_plots import draw_layer, show_filters

show_filters(base_model.get_layer("Conv1").kernel.numpy())
assert filter_pictures(edge[..., None, None])[0, 0, :, 0].tolist() == [0, 128, 255]

# %% [markdown] name="layer-by-layer" lang="en"
# No animal: nine pixels have room for an edge, a spot or a pair of colours at most, and such things serve any picture.
# Later filters work on many channels, which have no colours; but their answers can be drawn.
#
# ## Layer by layer
#
# The orange frame is the **receptive field**, all that the middle of a map can see. How will the frame, the maps and
# the number of channels change? Guess, then move the slider.

# %% [markdown] name="layer-by-layer" lang="tr" en="a1478f10"
# Hayvan yok: dokuz piksele en çok bir kenar, bir leke ya da bir renk çifti sığar; böyle şeyler her resimde işe yarar.
# Sonraki filtreler birçok kanal üzerinde çalışır, kanalların da rengi yoktur; ama tepkileri çizilebilir.
#
# ## Katman katman
#
# Turuncu çerçeve **alıcı alandır** (receptive field): haritanın ortasının görebildiği her şey. Çerçeve, haritalar ve
# kanal sayısı nasıl değişecek? Tahmin edin, sonra kaydırıcıyı oynatın.

# %% name="look-inside"
LAYERS = ("Conv1_relu", "block_3_expand_relu", "block_6_expand_relu", "block_13_expand_relu", "out_relu")
inputs = np.asarray(preprocess(validation.images.astype("float32")))  # (n, size, size, 3)
inside = {name: maps[0] for name, maps in activations(base_model, LAYERS, inputs[:1]).items()}
seen = receptive_fields(base_model, LAYERS)

# %% name="layer-slider"
draw = partial(draw_layer, validation.images[0], inside, seen)
explore(draw, {message("looking.layer_slider"): LAYERS}, start=(LAYERS[1],))
widths, sides = [right - left for _, _, left, right in seen.values()], [len(maps) for maps in inside.values()]
assert widths == sorted(widths) and sides == sorted(sides, reverse=True)

# %% [markdown] name="favourites" lang="en"
# The network trades *where* for *what*: maps get coarser, frames larger.
#
# ## What would a channel like to see?
#
# We turn training round: weights stay, *pixels* change. From grey, we follow the gradient until the middle of a
# channel's map answers strongly (**gradient ascent**). A simple **regularization** smooths each gradient; else noise
# grows.
#
# First a known case: a linear filter answers most to a picture like itself. Will the ascent find three such filters?
# Then channels of two layers, each beside the three real pictures that it answers to most: what have those in common?

# %% [markdown] name="favourites" lang="tr" en="76c89195"
# Ağ *nerede* sorusundan vazgeçip *ne* sorusuna yaklaşır: haritalar kabalaşır, çerçeveler büyür.
#
# ## Bir kanal ne görmek ister?
#
# Eğitimi tersine çeviriyoruz: ağırlıklar sabit kalır, *pikseller* değişir. Griden başlayıp bir kanalın haritasının
# ortası güçlü tepki verene kadar gradyanı (gradient) izliyoruz: **gradyan yükselişi** (gradient ascent). Basit bir
# **düzenlileştirme** (regularization) olarak her gradyanı yumuşatıyoruz; yoksa gürültü büyür.
#
# Önce bilinen durum: doğrusal bir filtre, en çok kendisine benzeyen resme tepki verir. Gradyan yükselişi böyle üç
# filtreyi bulacak mı? Sonra iki katmanın kanalları, her biri en çok tepki verdiği üç gerçek resmin yanında: bunların
# ortak neleri var?


# %% name="ascent"
def favourite_pictures(bottom, channels, steps=30, rate=0.02, smoothing=4):
    row, column = middle_of(bottom)
    wanted = [(picture, row, column, channel) for picture, channel in enumerate(channels)]
    noise = np.random.default_rng(0).normal(0, 0.01, (len(wanted), *bottom.input_shape[1:]))
    pictures = tf.Variable(noise, dtype="float32")
    for _ in range(steps):
        with tf.GradientTape() as tape:
            answers = tf.gather_nd(bottom(pictures, training=False), wanted)
        slopes = tape.gradient(answers, pictures)
        for _ in range(smoothing):
            slopes = tf.nn.avg_pool2d(slopes, 3, 1, "SAME")
        slopes /= tf.sqrt(tf.reduce_mean(slopes**2, (1, 2, 3), keepdims=True)) + 1e-8
        pictures.assign(tf.clip_by_value(pictures + rate * slopes, -1, 1))
    return np.asarray(pictures)


# %% name="filter-found"
linear, filters = linear_filters(3)
found = favourite_pictures(linear, range(3), steps=5, smoothing=0)[:, 3:6, 3:6]  # (3, 3, 3, 3)
alike = [np.corrcoef(picture.ravel(), weights.ravel())[0, 1] for picture, weights in zip(found, filters)]
print(message("looking.correlation", values=" · ".join(number(value, 3) for value in alike)))
assert min(alike) > 0.98

# %% name="find-favourites"
from tl_helpers.favourites import compare_with_real, draw_favourite

favourites = {}
some = np.random.default_rng(0).permutation(len(validation))[:64]
for name in ("block_2_expand_BN", "block_6_expand_BN"):
    bottom = keras.Model(base_model.input, base_model.get_layer(name).output)
    pictures = favourite_pictures(bottom, range(4))
    favourites[name] = compare_with_real(bottom, range(4), pictures, inputs[some], validation.images[some])
assert np.all(favourites[name].answers > favourites[name].strongest)

# %% name="favourite-slider"
controls = {message("looking.layer_slider"): tuple(favourites), message("looking.favourite_slider"): tuple(range(4))}
explore(partial(draw_favourite, favourites), controls, start=("block_6_expand_BN", 0))

# %% [markdown] name="grad-cam-text" lang="en"
# We show what the middle of the map sees; elsewhere there is no gradient, and nothing grows. The later channels answer
# to what was found far more than to any of the real pictures that we tried. So this tool shows what a channel *would*
# answer to, not what it does.
#
# ## Where does an answer come from?
#
# **Grad-CAM** asks the last feature map. A channel's weight is the gradient of the score $y$, averaged over the $Z$
# places; the weighted channels are summed, and what is below 0 is dropped:
#
# $$\alpha_k = \frac{1}{Z}\sum_{i,j}\frac{\partial y}{\partial A^k_{ij}} \qquad H = \max\Big(0, \sum_k \alpha_k A^k\Big)$$
#
# The score for *dog* is the logit, for *cat* the logit times -1.

# %% [markdown] name="grad-cam-text" lang="tr" en="2e230fe7"
# Haritanın ortasının gördüğünü gösteriyoruz; başka yerde gradyan yoktur, bir şey de oluşmaz. Sonraki kanallar, bulunan
# resme, denediğimiz gerçek resimlerin herhangi birine verdiklerinden çok daha güçlü tepki veriyor. Demek ki bu araç bir
# kanalın neye tepki *verebileceğini* gösterir, ne yaptığını değil.
#
# ## Bir yanıt nereden gelir?
#
# **Grad-CAM** son öznitelik haritasına (feature map) bakar. Bir kanalın ağırlığı, $y$ skorunun gradyanının $Z$ konum
# üzerinden ortalamasıdır; ağırlıklı kanallar toplanır, 0'ın altında kalan atılır:
#
# $$\alpha_k = \frac{1}{Z}\sum_{i,j}\frac{\partial y}{\partial A^k_{ij}} \qquad H = \max\Big(0, \sum_k \alpha_k A^k\Big)$$
#
# *Köpek* skoru logitin kendisi, *kedi* skoru -1 ile çarpılmışıdır.


# %% name="grad-cam"
def evidence(top, maps, direction):
    maps = tf.convert_to_tensor(maps)
    with tf.GradientTape() as tape:
        tape.watch(maps)
        score = tf.reduce_sum(direction * top(maps, training=False))
    weights = tf.reduce_mean(tape.gradient(score, maps), (1, 2), keepdims=True)
    return np.asarray(tf.reduce_sum(weights * maps, -1))


def grad_cam(top, maps, direction):
    return np.maximum(evidence(top, maps, direction), 0)


# %% [markdown] name="known-patches" lang="en"
# A known answer: a picture with a red and a blue patch, a channel that finds each, and a head that red raises and blue
# lowers. Where must the heat be?
#
# And an exact account: under our head, which averages and then weighs, the evidence of all places, with the bias, must
# sum to the logit.

# %% [markdown] name="known-patches" lang="tr" en="c2a6d514"
# Bilinen bir yanıt: biri kırmızı, biri mavi iki karesi olan bir resim, her kareyi bulan birer kanal ve skorunu
# kırmızının yükselttiği, mavinin düşürdüğü bir başlık (head). Isı nerede olmalı?
#
# Bir de kesin bir hesap: ortalama alıp ağırlıklarla çarpan başlığımızda, bütün konumlardaki kanıtların toplamı,
# yanlılık terimi (bias) eklenince logite eşit olmalıdır.

# %% name="patches-found" tags=["exact"]
speaker, patch_maps, (red, blue) = two_patches()
hot_red, hot_blue = (grad_cam(speaker, patch_maps, [[sign]])[0] > 0 for sign in (1.0, -1.0))
print(message("heat_maps.places", red=hot_red.sum(), blue=hot_blue.sum()))
assert np.array_equal(hot_red, red) and np.array_equal(hot_blue, blue)

# %% name="sum-is-logit"
from tl_helpers.heat_maps import enlarge, head_on_maps
from tl_helpers.heat_plots import answer_captions, show_heat_maps, sure_answers

top = head_on_maps(base_model, head)
maps = in_batches(base_model, inputs[some])  # (64, h, w, channels)
sums = evidence(top, maps, [[1.0]]).sum(axis=(1, 2)) + head.get_layer("head").bias.numpy()
difference = np.abs(sums - top(maps).numpy()[:, 0]).max()
shape = {"height": maps.shape[1], "width": maps.shape[2]}
print(message("heat_maps.sum", difference=number(difference, 5), **shape))
assert difference < 1e-3

# %% [markdown] name="right-and-wrong" lang="en"
# ## Right and wrong answers
#
# The heat shows what speaks for *the answer that was given*, right or wrong. In the mistakes: will it lie on the animal
# or beside it?

# %% [markdown] name="right-and-wrong" lang="tr" en="83534e12"
# ## Doğru ve yanlış yanıtlar
#
# Isı, doğru da olsa yanlış da olsa *verilen yanıtın* lehine olanı gösterir. Hatalarda ısı hayvanın üzerinde mi olacak,
# yanında mı?

# %% name="heat-maps"
chosen = sure_answers(validation.labels, logits)
heat = grad_cam(top, base_model(inputs[chosen], training=False), np.sign(logits[chosen]))
captions = answer_captions(validation.labels[chosen], logits[chosen], validation.class_names)
show_heat_maps(validation.images[chosen], enlarge(heat, edition.image_size), captions, message("heat_maps.gallery"))

# %% [markdown] name="cover-text" lang="en"
# Where does the heat lie in right answers, where in mistakes? Read it with care. The map has few places; the smooth
# colours between them are ours. And a place sees far more than the patch below it: look at the frame of `out_relu`
# again. Heat beside the animal need not mean that the background spoke.
#
# Does the answer hang on the hottest part? Only an experiment tells: we **cover** the hottest quarter of each picture,
# then the coldest, then the quarter that is hottest in *another* picture. Which costs the answer most?

# %% [markdown] name="cover-text" lang="tr" en="c5926471"
# Isı doğru yanıtlarda nerede, hatalarda nerede? Okurken dikkatli olun. Haritada az sayıda konum var; aradaki yumuşak
# geçişleri biz ekledik. Üstelik bir konum, altındaki bölgeden çok daha fazlasını görür: `out_relu` katmanının
# çerçevesine yeniden bakın. Hayvanın yanındaki ısı, arka planın konuştuğu anlamına gelmeyebilir.
#
# Yanıt en sıcak bölüme mi bağlı? Bunu ancak bir deney söyler: her resmin önce en sıcak, sonra en soğuk çeyreğini, sonra
# da *başka* bir resimde en sıcak olan çeyreği **örtüyoruz**. Hangisi yanıta en pahalıya mal olur?


# %% name="cover"
def cover(images, heat, share):
    limits = np.quantile(heat, 1 - share, axis=(1, 2), keepdims=True)
    means = images.mean(axis=(1, 2), keepdims=True)
    return np.where((heat > limits)[..., None], means, images).astype("float32")


# %% name="cover-test"
looked, given = validation.images[some], np.sign(logits[some])
signed = evidence(top, maps, given)
large = enlarge(signed, edition.image_size)
covered = [cover(looked, each, 0.25) for each in (large, -large, np.roll(large, 1, axis=0))]
left = [np.mean(given * top(in_batches(base_model, np.asarray(preprocess(each))))) for each in covered]
changes = dict(zip(("hottest", "coldest", "other"), left - np.mean(np.abs(logits[some]))))
print(message("heat_maps.covered", **{name: number(change, 2) for name, change in changes.items()}))
assert changes["hottest"] < changes["coldest"]

# %% [markdown] name="forgetting" lang="en"
# ## Would a network that has learned nothing look elsewhere?
#
# In 2018 Adebayo and others found explanations that hardly change when weights are random: they trace the picture's
# edges, look convincing, and explain nothing. So a **sanity check**: the network forgets, from the top down, and we
# compare its maps with ours by **rank correlation**: 1 where places come in the same order, about 0 where the orders
# are unrelated.
#
# As a control, a head that learned from half of the pictures should agree. What do you expect?

# %% [markdown] name="forgetting" lang="tr" en="ea205ffa"
# ## Hiçbir şey öğrenmemiş bir ağ başka yere mi bakardı?
#
# Adebayo ve arkadaşları 2018'de, ağırlıklar rastgele olunca bile pek değişmeyen açıklamalar buldu: bunlar resimdeki
# kenarları izler, inandırıcı görünür, ama hiçbir şey açıklamaz. Bu yüzden bir **sağlama** (sanity check): ağ yukarıdan
# aşağıya doğru unutuyor, haritalarını, **sıra korelasyonunu** (rank correlation) hesaplayarak bizimkilerle
# karşılaştırıyoruz: konumların sırası aynıysa 1, sıralar birbiriyle ilgisizse yaklaşık 0.
#
# Kontrol olarak, resimlerin yarısından öğrenmiş bir başlık bizimkiyle uyuşmalı. Ne beklersiniz?

# %% name="forget"
from scipy.stats import spearmanr


def forget_from(base_model, start):
    copy = keras.models.clone_model(base_model)
    for ours, theirs in zip(base_model.layers, copy.layers, strict=True):
        if ours.name == start:
            break
        theirs.set_weights(ours.get_weights())
    return copy


def rank_agreement(ours, theirs):
    pairs = zip(ours, theirs, strict=True)
    return float(np.mean([spearmanr(one.ravel(), other.ravel()).statistic for one, other in pairs]))


# %% name="changed-networks"
from tl_helpers.trust_plots import show_agreement, show_mean_heat

half = np.random.default_rng(0).permutation(len(train))[: len(train) // 2]
fix_seeds(0)
second_head, _ = train_head(train_features[half], train.labels[half], learning_rate=3e-3)
fix_seeds(1)
random_head, emptied = keras.models.clone_model(head), forget_from(base_model, "Conv1")
changed = {"another_head": (base_model, second_head), "random_head": (base_model, random_head)}
changed |= {"random_upper": (forget_from(base_model, "block_13_expand"), head), "random_all": (emptied, head)}
agreement = {}
for name, (network, classifier) in changed.items():
    theirs = evidence(head_on_maps(network, classifier), in_batches(network, inputs[some]), given)
    agreement[message(f"heat_maps.{name}")] = rank_agreement(signed, theirs)

# %% name="agreement"
control, *_, forgotten = agreement
show_agreement(agreement, control)
assert agreement[control] > 0.5 and agreement[control] - agreement[forgotten] > 0.3

# %% [markdown] name="mistake-edges" lang="en" tags=["task"]
# ### Find the mistake
#
# How far below the control do the three lie? Their order says little: each is one draw of random weights, and a map has
# few places. Now a colleague has an explanation of her own. Her maps trace every outline and please everybody. Run the
# cell: it compares her maps of the trained network with those of the random one. Which argument should change her maps,
# but does not? Answer with its name, as a text.
#
# - [?] What is the rank correlation between two sets of maps that are the same?
# - [?] Read the function's two lines: which of its arguments do they never use?

# %% [markdown] name="mistake-edges" lang="tr" en="3657290a" tags=["task"]
# ### Hatayı bulun
#
# Üç ağ kontrolün ne kadar altında? Kendi aralarındaki sıra pek bir şey söylemez: her biri rastgele ağırlıkların tek bir
# çekilişidir, haritada da az konum var. Şimdi bir arkadaşınızın kendi açıklama yöntemi var. Haritaları her dış çizgiyi
# izliyor ve herkesin hoşuna gidiyor. Hücreyi çalıştırın: eğitilmiş ağ için çizdiği haritaları, rastgele ağ için
# çizdikleriyle karşılaştırır. Fonksiyonun hangi argümanı haritaları değiştirmeliydi, ama değiştirmiyor? Argümanın adını
# metin olarak yazın.
#
# - [?] Birbirinin aynı olan iki harita takımının sıra korelasyonu kaçtır?
# - [?] Fonksiyonun iki satırını okuyun: hangi argümanı hiç kullanmıyorlar?


# %% name="check-edges"
def colleagues_maps(network, images):
    light = images.mean(axis=-1)  # (n, size, size)
    return np.abs(np.diff(light, axis=1))[:, :, 1:] + np.abs(np.diff(light, axis=2))[:, 1:]


hers = rank_agreement(colleagues_maps(base_model, looked), colleagues_maps(emptied, looked))
print(message("heat_maps.colleague", agreement=number(hers, 2)))
my_argument = None
check("08", "mistake-edges", my_argument, lambda name: name.strip() == "network")

# %% [markdown] name="planted" lang="en"
# ## A planted clue
#
# Now a real network. Suppose all training dogs come from a site that puts its mark into a corner:
# we stamp them, only them, and train a new head.
#
# Then we stamp *cats* that neither head has seen. What will the new head say, and where will its heat for *dog* be?

# %% [markdown] name="planted" lang="tr" en="5af1d0b9"
# ## Yerleştirilmiş bir ipucu
#
# Şimdi yanıtını bildiğimiz gerçek bir ağ. Eğitimdeki bütün köpeklerin, köşeye damgasını basan bir siteden geldiğini
# varsayalım: onları, yalnızca onları damgalıyor ve yeni bir başlık eğitiyoruz.
#
# Sonra iki başlığın da görmediği *kedileri* damgalıyoruz. Yeni başlık ne diyecek, *köpek* için ısısı nerede olacak?


# %% name="stamp"
def stamp(images):
    size = images.shape[1]
    places = np.arange(size // 3)
    stripes = np.add.outer(places, places) // (size // 32) % 2
    marked = images.copy()
    marked[:, -len(places) :, -len(places) :] = 255 * stripes[..., None]
    return marked


# %% name="fooled"
dogs, stamped_features = train.labels == 1, train_features.copy()
stamped_features[dogs] = extract_features(base_model, preprocess, stamp(train.images[dogs]))
fix_seeds(0)
fooled_head, _ = train_head(stamped_features, train.labels, learning_rate=3e-3)

# %% name="stamped-cats"
cats, called_dog = np.flatnonzero(validation.labels == 0)[:100], {}
stamped_cats = stamp(validation.images[cats])
stamped_held_out = extract_features(base_model, preprocess, stamped_cats)
for name, classifier in (("honest", head), ("fooled", fooled_head)):
    without, marked = (np.mean(predicted_classes(classifier(each))) for each in (held_out[cats], stamped_held_out))
    called_dog[name] = marked - without
    shown = {"without": percent(without), "marked": percent(marked), "name": message(f"heat_maps.{name}")}
    print(message("heat_maps.marked", **shown))
assert called_dog["fooled"] > called_dog["honest"] + 0.05

# %% name="mark-heat"
from tl_helpers.trust import heat_on_mark

stamped_maps = in_batches(base_model, np.asarray(preprocess(stamped_cats[:64].astype("float32"))))
tops = (head_on_maps(base_model, classifier) for classifier in (head, fooled_head))
honest_heat, fooled_heat = (enlarge(grad_cam(each, stamped_maps, [[1.0]]), edition.image_size) for each in tops)
show_mean_heat({message("heat_maps.honest"): honest_heat, message("heat_maps.fooled"): fooled_heat})
on_mark = heat_on_mark(honest_heat), heat_on_mark(fooled_heat)
assert on_mark[1] > 1.5 * on_mark[0]

# %% [markdown] name="limits" lang="en"
# The map points at what we had planted. That is what heat maps are good for: they raise a suspicion, and an experiment,
# with the mark and without it, proves it. They do not say:
#
# - *What* was seen there: a shape, a colour, a pattern?
# - *Why* it speaks for the class. Heat on the animal is no proof of a good reason.
# - What if the place were different? Change it, and ask again.

# %% [markdown] name="limits" lang="tr" en="c82b2a8e"
# Harita, yerleştirdiğimiz şeyi gösteriyor. Isı haritaları (heat map) buna yarar: kuşku uyandırırlar; kuşkuyu
# kanıtlayan, damgayla ve damgasız yapılan bir deneydir. Şunları söylemezler:
#
# - Orada *ne* görüldü: bir biçim mi, bir renk mi, bir desen mi?
# - Bu, *neden* o sınıf lehine? Isının hayvanın üzerinde olması, gerekçenin doğru olduğunu kanıtlamaz.
# - Orası başka türlü olsaydı ne olurdu? Değiştirin, yeniden sorun.

# %% [markdown] name="task-direction" lang="en" tags=["task"]
# **Task.** For the stamped cats we asked what speaks for *dog*. Which `direction` asks for what speaks for *cat*?
#
# - [?] Look at our score for *cat* above the formula's code.
# - [?] What turns a logit for *dog* into a score that grows when *cat* becomes more likely?

# %% [markdown] name="task-direction" lang="tr" en="56cd1e01" tags=["task"]
# **Görev.** Damgalı kedilerde *köpek* lehine olanı sorduk. *Kedi* lehine olanı hangi `direction` değeriyle sorarız?
#
# - [?] Formülün altında *kedi* için verdiğimiz skora bakın.
# - [?] *Köpek* için olan bir logiti, *kedi* olasılığı artınca büyüyen bir skora ne dönüştürür?


# %% name="check-direction" tags=["exact"]
my_direction = None
check("08", "task-direction", my_direction, lambda direction: np.ravel(direction).tolist() == [-1])

# %% [markdown] name="plane" lang="en"
# ## Features in a plane
#
# **Principal component analysis** (PCA) finds the two directions in which features spread most. But spread is not
# meaning. So a known case first: two classes that differ in one feature of little spread, among many with much. A
# classifier with all features tells them apart. Will the plane show it?

# %% [markdown] name="plane" lang="tr" en="5531aec1"
# ## Bir düzlemde öznitelikler
#
# **Temel bileşenler analizi** (principal component analysis, PCA), özniteliklerin (feature) en çok yayıldığı iki
# doğrultuyu bulur. Ama yayılım anlam demek değildir. Bu yüzden önce bilinen bir durum: çok yayılan öznitelikler
# arasında, az yayılan tek bir öznitelikte ayrılan iki sınıf. Bütün öznitelikleri kullanan bir sınıflandırıcı onları
# ayırır. Düzlem bunu gösterecek mi?

# %% name="shared-plane"
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression

from tl_helpers.fine_tuning import at_cut, classifier_on
from tl_helpers.planes import class_gap, nearer_to_own, show_plane
from tl_helpers.training import fit


def shared_plane(*feature_sets):
    pca = PCA(2, svd_solver="full").fit(np.concatenate(feature_sets))
    points = [pca.transform(features) for features in feature_sets]
    return points, float(pca.explained_variance_ratio_.sum())


# %% name="hidden-class"
features, labels = hidden_classes()
(points,), _ = shared_plane(features)
in_plane = nearer_to_own(points, labels)
half = len(labels) // 2
fitted = LogisticRegression(max_iter=1000).fit(features[:half], labels[:half])
every = fitted.score(features[half:], labels[half:])  # on those that it has not seen
print(message("planes.hidden", plane=percent(in_plane, 0), all=percent(every, 0)))
assert every > 0.95 and in_plane < 0.7

# %% [markdown] name="tune" lang="en"
# Classes that mix in the plane may be apart all the same. Now we fine-tune the upper blocks as lesson 3 taught us, and
# look at *validation* pictures before and after, on the same axes. How far will the classes move apart, and what will
# accuracy do?

# %% [markdown] name="tune" lang="tr" en="72de3919"
# Düzlemde karışan sınıflar yine de ayrı olabilir. Şimdi 3. dersteki gibi üst bloklara ince ayar (fine-tuning) yapıyor,
# *doğrulama* resimlerine önce ve sonra, aynı eksenlerde bakıyoruz. Sınıflar ne kadar uzaklaşacak, doğruluk ne yapacak?

# %% name="fine-tune"
waking = load_base_model("MobileNetV2", edition)
upper, (taught, asked) = at_cut(waking, preprocess, "block_12_add", train.images, validation.images)
fix_seeds(0)
tuned, _ = fit(classifier_on(upper, head, 3e-4), (taught, train.labels), epochs=6, show_progress=False)

# %% name="tuned-features"
to_features = keras.Model(upper.input, keras.layers.GlobalAveragePooling2D()(upper.output))
moved = to_features.predict(asked, verbose=0)
share_after = accuracy(validation.labels, predicted_classes(tuned.layers[-1](moved)))
print(message("planes.accuracy", before=percent(share_right), after=percent(share_after)))

# %% name="show-plane"
both, held = shared_plane(held_out, moved)
show_plane(*both, validation.labels, validation.class_names, held)
gaps = [class_gap(points, validation.labels) for points in both]
assert gaps[1] > gaps[0]

# %% [markdown] name="quiz" lang="en"
# Did accuracy change as much as the plane? Count in pictures: could it be chance? What training rewards is pulling
# apart the *training* pictures. A tidier plane proves no better answers.
#
# t-SNE, often seen instead, keeps neighbours and bends the rest: size and distance of its clusters mean
# little, and it may find clusters in pure noise.
#
# ## Quiz

# %% [markdown] name="quiz" lang="tr" en="738c6079"
# Doğruluk da düzlem kadar değişti mi? Resim olarak sayın: şans eseri olabilir mi? Eğitimin ödüllendirdiği, *eğitim*
# resimlerini birbirinden uzaklaştırmaktır. Daha düzenli bir düzlem, daha iyi yanıtların kanıtı değildir.
#
# Sık görülen bir başka yöntem olan t-SNE, komşuları bir arada tutar, gerisini büker: kümelerinin büyüklüğü ve uzaklığı
# pek bir şey anlatmaz; salt gürültüde bile kümeler bulabilir.
#
# ## Kısa sınav

# %% [markdown] name="quiz-heat" lang="en" tags=["quiz"]
# The heat of a right answer lies on the dog's head. What does this prove?
#
# - [x] Nothing about the reason; it says where evidence was found, and covering the place would test it
#   Yes: place is not reason, and an experiment is more than a look.
# - [ ] The network knows what a dog's head is
#   No: it may have used the colour of the fur that happens to be there.
# - [ ] The answer would be right for other pictures of dogs as well
#   No: that is what a test set is for.

# %% [markdown] name="quiz-heat" lang="tr" en="9cb7bf63" tags=["quiz"]
# Doğru bir yanıtta ısı köpeğin başında. Bu neyi kanıtlar?
#
# - [x] Gerekçe konusunda hiçbir şey kanıtlamaz; ağın nerede bir şey bulduğunu gösterir, orayı örtmek bunu sınar
#   Evet: yer, gerekçe değildir; deney de bakmaktan fazlasıdır.
# - [ ] Ağın köpek başının ne olduğunu bildiğini
#   Hayır: orada bulunan tüylerin rengini kullanmış olabilir.
# - [ ] Yanıtın başka köpek resimlerinde de doğru olacağını
#   Hayır: test kümesi (test set) bunun içindir.

# %% [markdown] name="quiz-sanity" lang="en" tags=["quiz"]
# Somebody's heat maps are nearly the same for a trained network and for one with random weights. What follows?
#
# - [ ] The random network has learned the same
#   No: it has learned nothing.
# - [ ] The maps are especially reliable
#   No: they depend on the picture alone, as an edge detector does.
# - [x] The maps say nothing about what was learned
#   Yes: whatever they show was there without it.

# %% [markdown] name="quiz-sanity" lang="tr" en="f110052b" tags=["quiz"]
# Birinin ısı haritaları, eğitilmiş bir ağda ve ağırlıkları rastgele bir ağda neredeyse aynı. Bundan ne sonuç çıkar?
#
# - [ ] Rastgele ağ da aynı şeyi öğrenmiştir
#   Hayır: hiçbir şey öğrenmemiştir.
# - [ ] Haritalar özellikle güvenilirdir
#   Hayır: bir kenar bulucu gibi yalnızca resme bağlıdırlar.
# - [x] Haritalar öğrenilenle ilgili hiçbir şey söylemez
#   Evet: gösterdikleri, öğrenme olmadan da oradaydı.

# %% [markdown] name="quiz-plane" lang="en" tags=["quiz"]
# In a PCA plot of features two classes are mixed. What do we know?
#
# - [ ] No classifier can tell them apart with these features
#   No: our known case was mixed in the plane, and a classifier told it apart.
# - [x] The two directions of the largest spread do not tell them apart; another direction may
#   Yes: the plane holds only a part of the spread.
# - [ ] The features must be fine-tuned
#   No: first ask a head how accurate it is with all of them.

# %% [markdown] name="quiz-plane" lang="tr" en="c8b2061c" tags=["quiz"]
# Özniteliklerin bir PCA grafiğinde iki sınıf birbirine karışmış. Ne biliyoruz?
#
# - [ ] Bu özniteliklerle hiçbir sınıflandırıcı onları ayıramaz
#   Hayır: bildiğimiz örnek düzlemde karışıktı, bir sınıflandırıcı ise onu ayırdı.
# - [x] En çok yayılımın olduğu iki doğrultu onları ayırmıyor; başka bir doğrultu ayırabilir
#   Evet: düzlem, yayılımın yalnızca bir bölümünü içerir.
# - [ ] Özniteliklere ince ayar yapılmalıdır
#   Hayır: önce bir başlığa, hepsiyle ne kadar doğru yanıt verdiğini sorun.

# %% name="key-results"
key_results = {"looking.result_accuracy": share_right, "planes.result_before": gaps[0], "planes.result_after": gaps[1]}
key_results |= {"heat_maps.result_control": agreement[control], "heat_maps.result_random": agreement[forgotten]}
key_results |= dict(zip(("heat_maps.result_honest", "heat_maps.result_fooled"), on_mark))
show_results({message(key): float(value) for key, value in key_results.items()})

# %% [markdown] name="recap" lang="en"
# ## In this lesson we…
#
# - read filters and activations, found pictures to which channels answer, and tried our tools first where we knew the
#   answer;
# - drew heat maps by Grad-CAM of right and wrong answers, checked them by covering, by forgetting and by a planted
#   clue, and said what they do not prove;
# - looked at features in a plane before and after fine-tuning, and saw what a plane can hide.
#
# **Read on:** [Grad-CAM](https://arxiv.org/abs/1610.02391), [Sanity checks for saliency
# maps](https://arxiv.org/abs/1810.03292), [Feature visualization](https://distill.pub/2017/feature-visualization/),
# [How to use t-SNE effectively](https://distill.pub/2016/misread-tsne/).

# %% [markdown] name="recap" lang="tr" en="3c6de353"
# ## Bu derste…
#
# - filtreleri ve etkinleşmeleri okuduk, kanalların tepki verdiği resimler bulduk; araçlarımızı önce yanıtını bildiğimiz
#   yerlerde denedik;
# - doğru ve yanlış yanıtların ısı haritalarını Grad-CAM ile çizdik; bu haritaları, resmin bir bölümünü örterek, ağa
#   öğrendiklerini unutturarak ve bir ipucu yerleştirerek sınadık, bu haritaların neyi kanıtlamadığını söyledik;
# - özniteliklere ince ayardan önce ve sonra bir düzlemde baktık, bir düzlemin neleri gizleyebileceğini gördük.
#
# **Okumaya devam:** [Grad-CAM](https://arxiv.org/abs/1610.02391), [Belirginlik haritaları için
# sağlamalar](https://arxiv.org/abs/1810.03292), [Öznitelikleri
# görselleştirmek](https://distill.pub/2017/feature-visualization/), [t-SNE'yi doğru
# kullanmak](https://distill.pub/2016/misread-tsne/).
