# %% [markdown] name="where-we-are" lang="en"
# ## Where we are
#
# So far we have judged networks by their answers. In this lesson we open one. What do its first filters look for? What
# does each layer answer? Where in a picture does it find what speaks for *dog*?
#
# Tools that look inside make convincing pictures, and what convinces need not be true. So we keep one rule: **a tool is
# first tried where we know the answer**, and only then on the network.
#
# Before you go on: where would *you* look to tell a cat from a dog? Do you expect a network to look there too?

# %% [markdown] name="where-we-are" lang="tr"
# ## Neredeyiz?
#
# Şimdiye kadar ağları yanıtlarına bakarak değerlendirdik. Bu derste bir ağın içini açıyoruz. İlk filtreleri ne arar?
# Her katman (layer) neye tepki verir? Ağ, bir resmin neresinde *köpek* lehine bir şey bulur?
#
# Ağın içine bakan araçlar inandırıcı resimler üretir; ama inandırıcı olan doğru olmayabilir. Bu yüzden tek bir kuralımız
# var: **her araç önce yanıtını bildiğimiz yerde denenir**, ağa ancak ondan sonra uygulanır.
#
# Devam etmeden önce düşünün: bir kediyi köpekten ayırmak için *siz* nereye bakardınız? Ağ da oraya mı bakıyordur?

# %% name="imports"
from functools import partial

import keras
import numpy as np
import tensorflow as tf
from scipy.stats import spearmanr

from tl_helpers.base_models import load_base_model, preprocessing
from tl_helpers.evaluation import predicted_classes, probabilities
from tl_helpers.features import extract_features
from tl_helpers.interactive import explore
from tl_helpers.messages import message, number, percent
from tl_helpers.pictures import load_pictures
from tl_helpers.plots import class_name
from tl_helpers.results import show_results
from tl_helpers.session import fix_seeds
from tl_helpers.tasks import check
from tl_helpers.transfer import train_head

# %% name="load"
splits = load_pictures("cats_and_dogs", edition)
parts = ((splits.train, 400), (splits.validation, 200))
train, validation = (part.take(np.arange(0, len(part), max(1, len(part) // most))) for part, most in parts)
base_model, preprocess = load_base_model("MobileNetV2", edition), preprocessing("MobileNetV2")
train_features, held_out = (extract_features(base_model, preprocess, part.images) for part in (train, validation))
fix_seeds(0)
head, _ = train_head(train_features, train.labels, learning_rate=3e-3)
logits = head(held_out).numpy()  # (n, 1)
right = predicted_classes(logits) == validation.labels
shown = {"right": int(right.sum()), "count": len(right), "accuracy": percent(right.mean())}
print(message("looking.accuracy", **shown))

# %% [markdown] name="known-first" lang="en"
# ## A filter whose answer we know
#
# A filter slides over a picture, and at each place it gives a number: its **activation**. Together they form a map, one
# channel of the layer. A function gives us the maps of any layer.
#
# We try it on a layer with a single filter, made by hand for one thing: dark on the left, bright on the right. One
# picture has upright stripes, another the same stripes lying down. At how many places will the filter answer in each?

# %% [markdown] name="known-first" lang="tr"
# ## Yanıtını bildiğimiz bir filtre
#
# Bir filtre resmin üzerinde kayar ve her konumda bir sayı verir: o konumdaki **etkinleşme** (activation). Bu sayılar bir
# harita, yani katmanın bir kanalını oluşturur. Aşağıdaki fonksiyon herhangi bir katmanın haritalarını verir.
#
# Onu, tek bir filtresi olan bir katmanda deniyoruz; filtreyi tek bir iş için elle yaptık: solu koyu, sağı açık olanı
# bulmak. Bir resimde dik çizgiler var, ötekinde aynı çizgiler yatay. Filtre her birinde kaç konumda tepki verecek?


# %% name="activations"
def activations(model, names, inputs):
    outputs = {name: model.get_layer(name).output for name in names}
    answers = keras.Model(model.input, outputs)(inputs, training=False)
    return {name: np.asarray(answers[name]) for name in names}


edge = np.zeros((3, 3, 3, 1), dtype="float32")
edge[:, 0], edge[:, 2] = -1, 1
one_filter = keras.layers.Conv2D(1, 3, use_bias=False, activation="relu", name="edges")
detector = keras.Sequential([keras.Input((24, 24, 3)), one_filter])

# %% name="known-filter" tags=["exact"]
detector.set_weights([edge])
upright = np.tile(np.arange(24) // 6 % 2, (24, 1))  # (24, 24)
stripes = np.stack([upright, upright.T])[..., None].repeat(3, axis=-1).astype("float32")
lit = [int(np.sum(answer > 0)) for answer in activations(detector, ["edges"], stripes)["edges"]]
print(message("looking.lit", upright=lit[0], lying=lit[1]))
assert lit[0] > 0 and lit[1] == 0

# %% [markdown] name="task-filter" lang="en" tags=["task"]
# **Task.** Make a filter that answers to the lying stripes only. Give its weights for one colour: three rows of three
# numbers.
#
# - [?] Our filter compares what is left with what is right. What should yours compare?
# - [?] Turn the filter by a quarter: `np.array([[-1, -1, -1], …])`, with the opposite in the last row.

# %% [markdown] name="task-filter" lang="tr" tags=["task"]
# **Görev.** Yalnızca yatay çizgilere tepki veren bir filtre yapın. Ağırlıklarını tek bir renk için yazın: üç sayıdan
# oluşan üç satır.
#
# - [?] Bizim filtremiz solda olanı sağda olanla karşılaştırıyor. Sizinki neyi karşılaştırmalı?
# - [?] Filtreyi çeyrek tur döndürün: `np.array([[-1, -1, -1], …])`; son satır bunun tersi olsun.

# %% name="check-filter" tags=["exact"]
from scipy.signal import correlate2d

my_filter = None
places = [lambda weights, picture=picture: np.sum(correlate2d(picture, weights, "valid") > 0) for picture in stripes[..., 0]]
check("08", "task-filter", my_filter, lambda weights: places[0](weights) == 0 < places[1](weights))

# %% [markdown] name="first-layer" lang="en"
# ## What the first filters look for
#
# The filters of the base model were not made by hand but learned. Those of the first layer work on red, green and blue,
# so we can look at them as pictures: grey where a weight is 0, bright where it is positive, dark where it is negative.
#
# What do you expect to see: pieces of animals?

# %% [markdown] name="first-layer" lang="tr"
# ## İlk filtreler ne arar?
#
# Temel modelin (base model) filtreleri elle yapılmadı, öğrenildi. İlk katmandakiler kırmızı, yeşil ve mavi üzerinde
# çalışır; bu yüzden onlara birer resim olarak bakabiliriz: ağırlığın 0 olduğu yer gri, artı olduğu yer açık, eksi olduğu
# yer koyu.
#
# Ne görmeyi bekliyorsunuz: hayvan parçaları mı?


# %% name="filters"
def filter_pictures(kernel):
    filters = np.moveaxis(kernel, -1, 0)  # (filters, h, w, 3)
    strongest = np.abs(filters).max(axis=(1, 2, 3), keepdims=True)
    return np.round(127.5 + 127.5 * filters / strongest).astype(np.uint8)


# %% name="show-filters"
from tl_helpers.looking_plots import show_filters

kernel = base_model.get_layer("Conv1").kernel.numpy()  # (3, 3, 3, filters)
assert filter_pictures(edge)[0, 0, :, 0].tolist() == [0, 128, 255]
show_filters(kernel)

# %% [markdown] name="layer-by-layer" lang="en"
# No animal anywhere: nine pixels hold an edge, a spot, or a pair of colours, and these serve any picture. Later filters
# cannot be drawn like this, since they work on many channels, which have no colours. But their answers can.
#
# ## Layer by layer
#
# The orange frame is the **receptive field**: all that the place in the middle of a map can see. How will the frame, the
# size of the maps and the number of channels change from layer to layer? Say it, then move the slider.

# %% [markdown] name="layer-by-layer" lang="tr"
# Hiçbir yerde hayvan yok: dokuz piksele bir kenar, bir leke ya da bir renk çifti sığar; bunlar her resimde işe yarar.
# Sonraki filtreler böyle çizilemez, çünkü birçok kanal üzerinde çalışırlar ve kanalların rengi yoktur. Ama tepkileri
# çizilebilir.
#
# ## Katman katman
#
# Turuncu çerçeve **alıcı alandır** (receptive field): haritanın ortasındaki konumun görebildiği her şey. Katmandan
# katmana çerçeve, haritaların boyutu ve kanal sayısı nasıl değişecek? Önce söyleyin, sonra kaydırıcıyı oynatın.

# %% name="look-inside"
from tl_helpers.looking import seen_from_middle
from tl_helpers.looking_plots import draw_layer

LAYERS = ("Conv1_relu", "block_3_expand_relu", "block_6_expand_relu", "block_13_expand_relu", "out_relu")
inputs = np.asarray(preprocess(validation.images.astype("float32")))  # (n, size, size, 3)
one = int(np.argmax(right & (validation.labels == 0)))
inside = {name: maps[0] for name, maps in activations(base_model, LAYERS, inputs[one : one + 1]).items()}
up_to = {name: keras.Model(base_model.input, base_model.get_layer(name).output) for name in LAYERS}
seen = {name: seen_from_middle(up_to[name]) for name in LAYERS}
widths, sides = [right - left for _, _, left, right in seen.values()], [len(maps) for maps in inside.values()]
assert widths == sorted(widths) and sides == sorted(sides, reverse=True)
draw = partial(draw_layer, validation.images[one], inside, seen)
explore(draw, {message("looking.layer_slider"): LAYERS}, start=(LAYERS[1],))

# %% [markdown] name="favourites" lang="en"
# The network trades *where* for *what*: maps get coarser, frames larger, channels more. Early maps are the picture once
# more, traced by edges; in the last ones only few places are left.
#
# ## What would a channel like to see?
#
# One picture does not tell what a channel looks for. So we turn training round: the weights stay, and the *pixels*
# change. From grey, we follow the gradient until the middle of the channel's map answers strongly (**gradient ascent**).
# Left alone, this ends in noise; a simple **regularization** is to smooth each gradient.

# %% [markdown] name="favourites" lang="tr"
# Ağ *nerede* sorusundan vazgeçip *ne* sorusuna yaklaşır: haritalar kabalaşır, çerçeveler büyür, kanallar çoğalır. İlk
# haritalar, kenarlarıyla çizilmiş aynı resimdir; son haritalarda geriye birkaç konum kalır.
#
# ## Bir kanal ne görmek ister?
#
# Tek bir resim, bir kanalın ne aradığını söylemez. Bu yüzden eğitimi tersine çeviriyoruz: ağırlıklar sabit kalır,
# *pikseller* değişir. Griden başlayıp kanalın haritasının ortası güçlü tepki verene kadar gradyanı (gradient) izliyoruz:
# **gradyan çıkışı** (gradient ascent). Kendi haline bırakılırsa bu yol gürültüyle biter; her gradyanı yumuşatmak basit
# bir **düzenlileştirmedir** (regularization).

# %% name="ascent"
from tl_helpers.looking import middle_of


def favourite_pictures(bottom, channels, steps=30, rate=0.02, smoothing=2):
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


# %% [markdown] name="known-favourite" lang="en"
# First where we know the answer: a filter without any function after it answers most to a picture that looks like the
# filter itself. We give a layer three random filters. Will the ascent find them?

# %% [markdown] name="known-favourite" lang="tr"
# Önce yanıtı bildiğimiz yerde: ardından hiçbir fonksiyon gelmeyen bir filtre, en çok kendisine benzeyen resme tepki
# verir. Bir katmana rastgele üç filtre koyuyoruz. Gradyan çıkışı onları bulabilecek mi?

# %% name="filter-found"
linear = keras.Sequential([keras.Input((9, 9, 3)), keras.layers.Conv2D(3, 3, use_bias=False)])
linear.set_weights([np.random.default_rng(1).normal(size=(3, 3, 3, 3))])
found = favourite_pictures(linear, range(3), steps=10, smoothing=0)[:, 3:6, 3:6]  # (3, 3, 3, 3)
filters = np.moveaxis(linear.get_weights()[0], -1, 0)
alike = [np.corrcoef(picture.ravel(), weights.ravel())[0, 1] for picture, weights in zip(found, filters)]
print(message("looking.correlation", values=" · ".join(number(value, 3) for value in alike)))
assert min(alike) > 0.98

# %% [markdown] name="in-the-base" lang="en"
# It does. Now four channels of an early and of a later layer of the base. Beside each picture that was found stand the
# three real ones to which the channel answers most. What have they in common inside the frame?

# %% [markdown] name="in-the-base" lang="tr"
# Buluyor. Şimdi temel modelin bir ilk, bir de daha sonraki katmanından dörder kanal. Bulunan her resmin yanında, kanalın
# en çok tepki verdiği üç gerçek resim duruyor. Çerçevenin içinde ortak neleri var?

# %% name="find-favourites"
from tl_helpers.looking_plots import compare_with_real, draw_favourite

CHANNELS, favourites = (0, 1, 2, 3), {}
some = np.random.default_rng(0).permutation(len(validation))[:64]
for name in ("block_2_expand_BN", "block_6_expand_BN"):
    bottom = keras.Model(base_model.input, base_model.get_layer(name).output)
    pictures = favourite_pictures(bottom, CHANNELS)
    favourites[name] = compare_with_real(bottom, CHANNELS, pictures, inputs[some], validation.images[some])
assert np.all(favourites["block_6_expand_BN"].answers > favourites["block_6_expand_BN"].strongest)

# %% name="favourite-slider"
controls = {message("looking.layer_slider"): tuple(favourites), message("looking.favourite_slider"): (1, 2, 3, 4)}
explore(partial(draw_favourite, favourites), controls, start=("block_6_expand_BN", 1))

# %% [markdown] name="read-favourites" lang="en"
# Outside the frame nothing happens: what a place cannot see has no gradient. Inside grows a texture, to which the later
# channels answer far more strongly than to any real picture. That is the limit of this tool: it shows what a channel
# *would* answer to, not what it does with pictures that exist. And often the real ones share nothing that has a name.
#
# ## Where does an answer come from?
#
# **Grad-CAM** asks the last feature map, which still has places. The gradient of the score $y$, averaged over the $Z$
# places, is the weight of channel $k$; the weighted channels are added up, and what is below 0 is dropped:
#
# $$\alpha_k = \frac{1}{Z}\sum_{i,j}\frac{\partial y}{\partial A^k_{ij}} \qquad H = \max\Big(0, \sum_k \alpha_k A^k\Big)$$
#
# Our score for *dog* is the logit, and for *cat* the logit times -1.

# %% [markdown] name="read-favourites" lang="tr"
# Çerçevenin dışında hiçbir şey olmuyor: bir konumun göremediği yerin gradyanı yoktur. İçeride bir doku beliriyor;
# sonraki kanallar buna her gerçek resimden çok daha güçlü tepki veriyor. Bu aracın sınırı da budur: bir kanalın neye
# tepki *vereceğini* gösterir, var olan resimlerle ne yaptığını değil. Gerçek resimlerin ortak yanının da çoğu kez bir
# adı yoktur.
#
# ## Bir yanıt nereden gelir?
#
# **Grad-CAM**, konumları hâlâ belli olan son öznitelik haritasına (feature map) sorar. $y$ skorunun gradyanının $Z$
# konum üzerinden ortalaması $k$ kanalının ağırlığıdır; ağırlıklı kanallar toplanır, 0'ın altında kalan atılır:
#
# $$\alpha_k = \frac{1}{Z}\sum_{i,j}\frac{\partial y}{\partial A^k_{ij}} \qquad H = \max\Big(0, \sum_k \alpha_k A^k\Big)$$
#
# *Köpek* için skorumuz logitin kendisi, *kedi* için -1 ile çarpılmışıdır.


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
# A network with a known answer: one channel finds red, one finds blue, and the head says *first* for red, *second* for
# blue. The picture has a red patch at the top right and a blue one at the bottom left. Where must the heat be for each?

# %% [markdown] name="known-patches" lang="tr"
# Yanıtı bilinen bir ağ: bir kanal kırmızıyı, biri maviyi bulur; başlık (head) kırmızıya *birinci*, maviye *ikinci* der.
# Resmin sağ üstünde kırmızı, sol altında mavi bir kare var. İki yanıtın ısısı nerede olmalı?

# %% name="patches-found" tags=["exact"]
finder = keras.Sequential([keras.Input((12, 12, 3)), keras.layers.Conv2D(2, 1, use_bias=False, activation="relu")])
finder.set_weights([np.array([[1, -1], [-1, -1], [-1, 1]])[None, None]])
speaker = [keras.Input((12, 12, 2)), keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(1, use_bias=False)]
speaker = keras.Sequential(speaker)
speaker.set_weights([np.array([[1], [-1]])])
patches = np.zeros((1, 12, 12, 3), dtype="float32")
patches[:, 1:4, 8:11, 0] = patches[:, 8:11, 1:4, 2] = 1
for name, direction, own in (("1", 1.0, patches[0, ..., 0] > 0), ("2", -1.0, patches[0, ..., 2] > 0)):
    heat = grad_cam(speaker, finder(patches), [[direction]])[0]
    print(message("heat_maps.places", name=name, inside=np.sum(heat[own] > 0), outside=np.sum(heat[~own] > 0)))
    assert np.all(heat[own] > 0) and not heat[~own].any()

# %% [markdown] name="exact-sum" lang="en"
# Exactly on the patches. For our classifier, an average and a linear head, there is one more thing to check. Before we drop
# what is below 0, a map is an exact account: each place says how much it adds to the logit. Summed over all places, together
# with the head's bias, it must give the logit itself.

# %% [markdown] name="exact-sum" lang="tr"
# Tam karelerin üzerinde. Bir ortalama ile doğrusal bir başlıktan oluşan sınıflandırıcımızda denetlenecek bir şey daha
# var. 0'ın altında kalanı atmadan önce harita tam bir hesap dökümüdür: her konum, logite ne kadar kattığını söyler. Bütün
# konumların toplamı, başlığın yanlılık terimiyle (bias) birlikte, logitin kendisini vermelidir.

# %% name="sum-is-logit"
maps_in = keras.Input(base_model.output_shape[1:])
pooled = keras.layers.GlobalAveragePooling2D()(maps_in)
top = keras.Model(maps_in, head(pooled))
maps = np.asarray(base_model(inputs[some], training=False))
dog = np.ones((len(some), 1), dtype="float32")
sums = evidence(top, maps, dog).sum(axis=(1, 2)) + head.get_layer("head").bias.numpy()
difference = np.abs(sums - top(maps).numpy()[:, 0]).max()
shape = {"height": maps.shape[1], "width": maps.shape[2]}
print(message("heat_maps.sum", difference=number(difference, 5), **shape))
assert difference < 1e-3

# %% [markdown] name="right-and-wrong" lang="en"
# ## Right and wrong answers
#
# Three right answers and three mistakes, those that the model is surest of. The heat shows what speaks for *the answer
# that was given*, right or wrong. In the mistakes: will it lie on the animal or beside it?

# %% [markdown] name="right-and-wrong" lang="tr"
# ## Doğru ve yanlış yanıtlar
#
# Modelin en emin olduğu üç doğru yanıt ve üç hata. Isı, doğru da olsa yanlış da olsa *verilen yanıtın* lehine olanı
# gösteriyor. Hatalarda ısı hayvanın üzerinde mi olacak, yanında mı?

# %% name="choose-pictures"
from tl_helpers.evaluation import most_confident_mistakes

mistakes = most_confident_mistakes(validation.labels, logits, 3)
chosen = np.concatenate([np.argsort(-np.abs(logits[:, 0]) * right)[:3], mistakes])
answers = predicted_classes(logits[chosen])
sure = np.abs(probabilities(logits[chosen]) - 0.5) + 0.5
captions = []
for index, answer, share, is_right in zip(chosen, answers, sure, right[chosen]):
    names = {"answer": class_name(train.class_names[answer]), "share": percent(share, 0)}
    names["truth"] = class_name(train.class_names[validation.labels[index]])
    captions.append(message("heat_maps.answered" if is_right else "heat_maps.instead", **names))

# %% name="heat-maps"
from tl_helpers.heat_maps import enlarge
from tl_helpers.heat_plots import show_heat_maps

heat = grad_cam(top, base_model(inputs[chosen], training=False), np.sign(logits[chosen]))
assert not right[mistakes].any() and heat.max() > 0
shown = enlarge(heat, edition.image_size)
show_heat_maps(validation.images[chosen], shown, captions, message("heat_maps.gallery"))

# %% [markdown] name="cover" lang="en"
# Heat on the animal in a mistake: the network looked at the right place and read it wrongly. Heat elsewhere: something
# else spoke. Mind how few places a map has; the smooth colours between them are ours.
#
# Does the answer really hang on the hottest part? A heat map does not prove that. An experiment can: we **cover** the
# hottest quarter of each picture with its mean colour, then the coldest. Which will cost the answer more?

# %% [markdown] name="cover" lang="tr"
# Bir hatada ısı hayvanın üzerindeyse ağ doğru yere bakmış, onu yanlış okumuştur. Başka yerdeyse ağı etkileyen başka bir
# şeydir. Bir haritada ne kadar az konum olduğunu unutmayın; aralarındaki yumuşak geçişleri biz ekledik.
#
# Yanıt gerçekten en sıcak bölüme mi bağlı? Bir ısı haritası (heat map) bunu kanıtlamaz. Deney kanıtlayabilir: her resmin
# önce en sıcak, sonra en soğuk çeyreğini resmin ortalama rengiyle **örtüyoruz**. Hangisi yanıta daha pahalıya mal olur?


# %% name="cover-code"
def cover(images, heat, share):
    limits = np.quantile(heat, 1 - share, axis=(1, 2), keepdims=True)
    means = images.mean(axis=(1, 2), keepdims=True)
    return np.where((heat > limits)[..., None], means, images).astype("float32")


def score(images, direction):
    return direction * top(base_model(preprocess(images), training=False)).numpy()


# %% name="cover-test"
looked, given = validation.images[some], np.sign(logits[some])
signed = enlarge(evidence(top, maps, given), edition.image_size)
before = score(looked.astype("float32"), given)
hottest, coldest = (np.mean(before - score(cover(looked, each, 0.25), given)) for each in (signed, -signed))
print(message("heat_maps.covered", hottest=number(hottest, 2), coldest=number(coldest, 2)))
assert hottest > coldest

# %% [markdown] name="forgetting" lang="en"
# ## Would a network that has learned nothing look elsewhere?
#
# In 2018 Adebayo and others found explanations that hardly change when the network's weights are random. Such maps trace
# the picture's edges, look convincing, and explain nothing. So we make a **sanity check**: the network forgets, from the
# top down, and we compare its maps with ours by **rank correlation**, which is 1 where the places come in the same order
# and about 0 where the orders have nothing to do with each other.
#
# As a control, a head that learned from half of the pictures should agree with ours. What do you expect of each?

# %% [markdown] name="forgetting" lang="tr"
# ## Hiçbir şey öğrenmemiş bir ağ başka yere mi bakardı?
#
# Adebayo ve arkadaşları 2018'de, ağın ağırlıkları rastgele olunca bile pek değişmeyen açıklamalar buldu. Böyle haritalar
# resmin kenarlarını çizer, inandırıcı görünür ve hiçbir şey açıklamaz. Bu yüzden bir **sağlama** (sanity check)
# yapıyoruz: ağ, yukarıdan aşağıya doğru unutuyor; haritalarını bizimkilerle **sıra korelasyonuyla** (rank correlation)
# karşılaştırıyoruz. Bu sayı, konumlar aynı sıradaysa 1, sıraların birbiriyle ilgisi yoksa yaklaşık 0'dır.
#
# Kontrol olarak, resimlerin yarısından öğrenmiş bir başlık bizimkiyle uyuşmalı. Her birinden ne beklersiniz?


# %% name="forget"
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
half = np.random.default_rng(0).permutation(len(train))[: len(train) // 2]
fix_seeds(1)
second_head, _ = train_head(train_features[half], train.labels[half], learning_rate=3e-3)
random_head = keras.models.clone_model(head)
upper_forgotten, all_forgotten = (forget_from(base_model, start) for start in ("block_13_expand", "Conv1"))
changed = {"another_head": (base_model, second_head), "random_head": (base_model, random_head)}
changed |= {"random_upper": (upper_forgotten, head), "random_all": (all_forgotten, head)}
agreement, ours = {}, evidence(top, maps, given)
for name, (network, classifier) in changed.items():
    theirs = np.asarray(network(inputs[some], training=False))
    other_top = keras.Model(maps_in, classifier(pooled))
    agreement[message(f"heat_maps.{name}")] = rank_agreement(ours, evidence(other_top, theirs, given))

# %% name="agreement"
from tl_helpers.heat_plots import show_agreement

control, *_, forgotten = agreement
show_agreement(agreement, control)
assert agreement[control] > 0.6 and agreement[control] - agreement[forgotten] > 0.3

# %% [markdown] name="mistake-edges" lang="en" tags=["task"]
# ### Find the mistake
#
# A colleague has an explanation of her own, which marks where a picture changes abruptly. Her maps trace every outline and
# please everybody. Run the cell: her maps pass from the trained network to the random one. Which argument of her
# function is to blame? Answer with its name, as a text.
#
# - [?] What is the rank correlation between two sets of maps that are the same?
# - [?] Read the function's two lines: which of its arguments do they never use?

# %% [markdown] name="mistake-edges" lang="tr" tags=["task"]
# ### Hatayı bulun
#
# Bir arkadaşınızın kendi açıklama yöntemi var: resmin birdenbire değiştiği yerleri işaretliyor. Haritaları her dış çizgiyi
# izliyor ve herkesin hoşuna gidiyor. Hücreyi çalıştırın: haritaları, eğitilmiş ağdan rastgele ağa geçilince de ölçülüyor.
# Kusur, fonksiyonun hangi argümanında? Argümanın adını metin olarak yazın.
#
# - [?] Birbirinin aynı olan iki harita takımının sıra korelasyonu kaçtır?
# - [?] Fonksiyonun iki satırını okuyun: hangi argümanı hiç kullanmıyorlar?


# %% name="check-edges"
def colleagues_maps(network, images):
    light = images.mean(axis=-1)  # (n, size, size)
    return np.abs(np.diff(light, axis=1))[:, :, 1:] + np.abs(np.diff(light, axis=2))[:, 1:]


hers = rank_agreement(colleagues_maps(base_model, looked), colleagues_maps(all_forgotten, looked))
print(message("heat_maps.colleague", agreement=number(hers, 2)))
my_argument = None
check("08", "mistake-edges", my_argument, lambda name: name.strip() == "network")

# %% [markdown] name="planted" lang="en"
# ## A planted clue
#
# Now a real network whose answer we know. Suppose all the dogs of our training set come from a site that puts its mark into
# a corner. We stamp the training dogs, only them, and train a new head.
#
# Then we stamp *cats* that neither head has seen. What will the new head say, and where will its heat for *dog* be?

# %% [markdown] name="planted" lang="tr"
# ## Yerleştirilmiş bir ipucu
#
# Şimdi yanıtını bildiğimiz gerçek bir ağ. Eğitim kümemizdeki (training set) bütün köpeklerin, köşeye damgasını basan bir
# siteden geldiğini varsayalım. Eğitimdeki köpekleri, yalnızca onları damgalıyor ve yeni bir başlık eğitiyoruz.
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
dogs, cats = train.labels == 1, validation.labels == 0
stamped_features = train_features.copy()
stamped_features[dogs] = extract_features(base_model, preprocess, stamp(train.images[dogs]))
fix_seeds(0)
fooled_head, _ = train_head(stamped_features, train.labels, learning_rate=3e-3)
stamped_cats = stamp(validation.images[cats])
stamped_held_out = extract_features(base_model, preprocess, stamped_cats)
called_dog = {}
for name, classifier in (("honest", head), ("fooled", fooled_head)):
    shares = [np.mean(predicted_classes(classifier(each))) for each in (held_out[cats], stamped_held_out)]
    called_dog[name] = shares[1] - shares[0]
    shown = dict(zip(("without", "marked"), map(percent, shares)))
    print(message("heat_maps.marked", name=message(f"heat_maps.{name}"), **shown))
assert called_dog["fooled"] > called_dog["honest"] + 0.05

# %% name="mark-heat"
from tl_helpers.heat_maps import corner_share
from tl_helpers.heat_plots import show_mean_heat

stamped_maps = base_model(preprocess(stamped_cats[:64].astype("float32")), training=False)
heat_for_dog = {}
for name, classifier in (("honest", head), ("fooled", fooled_head)):
    heat = grad_cam(keras.Model(maps_in, classifier(pooled)), stamped_maps, np.ones((len(stamped_maps), 1), "float32"))
    heat_for_dog[message(f"heat_maps.{name}")] = enlarge(heat, edition.image_size)
on_mark = [corner_share(each) for each in heat_for_dog.values()]
show_mean_heat(heat_for_dog)
assert on_mark[1] > on_mark[0] + 0.05

# %% [markdown] name="limits" lang="en"
# The map points at what we had planted. That is what heat maps are good for: they raise a suspicion, and an experiment, with
# the mark and without it, proves it. What they do not say:
#
# - *What* was seen in a place: a shape, a colour, a pattern?
# - *Why* it speaks for the class. Heat on the animal is no proof of a good reason.
# - What would happen if the place were different. For that, change it and ask again.

# %% [markdown] name="limits" lang="tr"
# Harita, yerleştirdiğimiz şeyi gösteriyor. Isı haritaları buna yarar: kuşku uyandırırlar; kuşkuyu kanıtlayan ise, damgayla
# ve damgasız yapılan bir deneydir. Söylemedikleri şunlardır:
#
# - O konumda *ne* görüldüğü: bir biçim mi, bir renk mi, bir desen mi?
# - Bunun *neden* o sınıf lehine olduğu. Isının hayvanın üzerinde olması, gerekçenin doğru olduğunu kanıtlamaz.
# - Orası başka türlü olsaydı ne olacağı. Bunun için orayı değiştirip yeniden sorun.

# %% [markdown] name="task-direction" lang="en" tags=["task"]
# **Task.** For the stamped cats we asked what speaks for *dog*. Which direction asks for what speaks for *cat*?
#
# - [?] Look at our score for *cat* above the formula's code.
# - [?] What turns a logit for *dog* into a score that grows when *cat* becomes more likely?

# %% [markdown] name="task-direction" lang="tr" tags=["task"]
# **Görev.** Damgalı kedilerde *köpek* lehine olanı sorduk. *Kedi* lehine olanı hangi yönle (`direction`) sorarız?
#
# - [?] Formülün altında *kedi* için verdiğimiz skora bakın.
# - [?] *Köpek* için olan bir logiti, *kedi* olasılığı artınca büyüyen bir skora ne dönüştürür?

# %% name="check-direction" tags=["exact"]
my_direction = None
check("08", "task-direction", my_direction, lambda direction: direction == -1)

# %% [markdown] name="plane" lang="en"
# ## Features in a plane
#
# A picture has many features; the eye takes in two. **Principal component analysis** (PCA) finds the two directions in
# which features spread most. But spread is not meaning, so once more a known case first: two classes that differ in a
# single feature of little spread, among many with much.
#
# A classifier with all features tells them apart. Will the plane show it?

# %% [markdown] name="plane" lang="tr"
# ## Bir düzlemde öznitelikler
#
# Bir resmin pek çok özniteliği (feature) vardır; göz ikisini alır. **Temel bileşenler analizi** (principal component
# analysis, PCA), özniteliklerin en çok yayıldığı iki doğrultuyu bulur. Ama yayılım anlam demek değildir; bu yüzden önce
# yine bilinen bir durum: az yayılan tek bir öznitelikte ayrılan iki sınıf, çok yayılan öznitelikler arasında.
#
# Bütün öznitelikleri kullanan bir sınıflandırıcı onları ayırır. Düzlem bunu gösterecek mi?

# %% name="shared-plane"
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression

from tl_helpers.planes import nearer_to_own


def shared_plane(*feature_sets):
    pca = PCA(2, svd_solver="full").fit(np.concatenate(feature_sets))
    points = [pca.transform(features) for features in feature_sets]
    return points, float(pca.explained_variance_ratio_.sum())


# %% name="hidden-class"
classes = np.arange(200) % 2
hidden = np.random.default_rng(0).normal(0, 5, (200, 20))
hidden[:, 7] = classes + np.random.default_rng(1).normal(0, 0.1, 200)
(points,), _ = shared_plane(hidden)
every = LogisticRegression(max_iter=1000).fit(hidden, classes).score(hidden, classes)
in_plane = nearer_to_own(points, classes)
print(message("planes.hidden", plane=percent(in_plane, 0), all=percent(every, 0)))
assert every > 0.95 and in_plane < 0.7

# %% [markdown] name="tune" lang="en"
# So classes that mix in the plane may still be apart in all features. Apart in the plane, on the other hand, is apart.
#
# Now we fine-tune the upper blocks as in lesson 03 and look at the *validation* pictures before and after, on the same
# axes. How far will the classes move apart, and what will accuracy do?

# %% [markdown] name="tune" lang="tr"
# Demek ki düzlemde karışan sınıflar, bütün özniteliklere bakınca yine de ayrı olabilir. Düzlemde ayrı duran ise ayrıdır.
#
# Şimdi 3. dersteki gibi üst bloklara ince ayar (fine-tuning) yapıyor, *doğrulama* resimlerine önce ve sonra, aynı
# eksenlerde bakıyoruz. Sınıflar birbirinden ne kadar uzaklaşacak, doğruluk ne yapacak?

# %% name="fine-tune"
from tl_helpers.fine_tuning import at_cut, classifier_on
from tl_helpers.training import fit

waking = load_base_model("MobileNetV2", edition)
upper, (taught, asked) = at_cut(waking, preprocess, "block_12_add", train.images, validation.images)
fix_seeds(0)
tuned = classifier_on(upper, head, learning_rate=3e-4)
tuned, _ = fit(tuned, (taught, train.labels), epochs=4, show_progress=False)
to_features = keras.Model(upper.input, keras.layers.GlobalAveragePooling2D()(upper.output))
moved = to_features.predict(asked, verbose=0)
tuned_right = np.mean(predicted_classes(tuned.layers[-1](moved)) == validation.labels)
print(message("planes.accuracy", before=percent(right.mean()), after=percent(tuned_right)))

# %% name="show-plane"
from tl_helpers.heat_plots import show_plane

both, held = shared_plane(held_out, moved)
points = {message(f"planes.{moment}"): each for moment, each in zip(("before", "after"), both)}
own_before, own_after = (nearer_to_own(each, validation.labels) for each in both)
show_plane(points, validation.labels, validation.class_names, held)
assert own_after > own_before + 0.02

# %% [markdown] name="read-plane" lang="en"
# Compare two numbers: how much tidier the plane became, and how much accuracy rose. Fine-tuning pulls apart what the
# network *takes* for the two classes; its mistakes move along. A tidy plane is no proof of a better classifier.
#
# Another method that is often seen here, t-SNE, keeps neighbours together and bends the rest. How large its clusters
# are and how far apart means little, and it finds clusters in pure noise as well.

# %% [markdown] name="read-plane" lang="tr"
# İki sayıyı karşılaştırın: düzlem ne kadar derli toplu oldu, doğruluk ne kadar arttı? İnce ayar, ağın iki sınıf *sandığı*
# şeyleri birbirinden uzaklaştırır; hataları da onlarla birlikte gider. Düzenli bir düzlem, daha iyi bir sınıflandırıcının
# kanıtı değildir.
#
# Burada sık rastlanan bir başka yöntem olan t-SNE, komşuları bir arada tutar, gerisini büker. Kümelerinin büyüklüğü ve
# aralarındaki uzaklık pek bir şey anlatmaz; üstelik salt gürültüde bile kümeler bulur.

# %% [markdown] name="quiz" lang="en"
# ## Quiz

# %% [markdown] name="quiz" lang="tr"
# ## Kısa sınav

# %% [markdown] name="quiz-frame" lang="en" tags=["quiz"]
# A channel of an early layer lights up at a dog's eye. What may we say?
#
# - [ ] The channel recognises eyes
#   No: its receptive field may be smaller than the eye; a dark spot or an arc may be all that it sees.
# - [x] It answers to something inside its receptive field there; what it is, other pictures must tell
#   Yes: one bright place does not say what was seen.
# - [ ] The network uses eyes to tell dogs from cats
#   No: that an activation is there does not say what the head makes of it.

# %% [markdown] name="quiz-frame" lang="tr" tags=["quiz"]
# İlk katmanlardan birinin bir kanalı, bir köpeğin gözünde güçlü tepki veriyor. Ne söyleyebiliriz?
#
# - [ ] Kanal gözleri tanıyor
#   Hayır: alıcı alanı gözden küçük olabilir; gördüğü belki yalnızca koyu bir leke ya da bir yaydır.
# - [x] Oradaki alıcı alanında bir şeye tepki veriyor; bunun ne olduğunu başka resimler söylemeli
#   Evet: parlak tek bir konum, ne görüldüğünü söylemez.
# - [ ] Ağ, köpekleri kedilerden gözlerine bakarak ayırıyor
#   Hayır: bir etkinleşmenin olması, başlığın onu nasıl kullandığını söylemez.

# %% [markdown] name="quiz-heat" lang="en" tags=["quiz"]
# The heat of a right answer lies on the dog's head. What does this prove?
#
# - [x] Nothing about the reason; it says where evidence was found, and covering the place would test it
#   Yes: place is not reason, and an experiment is more than a look.
# - [ ] The network knows what a dog's head is
#   No: it may have used the colour of the fur that happens to be there.
# - [ ] The answer would be right for other pictures of dogs as well
#   No: that is what a test set is for.

# %% [markdown] name="quiz-heat" lang="tr" tags=["quiz"]
# Doğru bir yanıtta ısı köpeğin başında. Bu neyi kanıtlar?
#
# - [x] Gerekçeyle ilgili hiçbir şeyi; kanıtın nerede bulunduğunu söyler, orayı örtmek bunu sınardı
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

# %% [markdown] name="quiz-sanity" lang="tr" tags=["quiz"]
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

# %% [markdown] name="quiz-plane" lang="tr" tags=["quiz"]
# Özniteliklerin bir PCA grafiğinde iki sınıf birbirine karışmış. Ne biliyoruz?
#
# - [ ] Bu özniteliklerle hiçbir sınıflandırıcı onları ayıramaz
#   Hayır: bildiğimiz örnek düzlemde karışıktı, bir sınıflandırıcı ise onu ayırdı.
# - [x] En çok yayılımın olduğu iki doğrultu onları ayırmıyor; başka bir doğrultu ayırabilir
#   Evet: düzlem, yayılımın yalnızca bir bölümünü içerir.
# - [ ] Özniteliklere ince ayar yapılmalıdır
#   Hayır: önce bir başlığa, hepsiyle ne kadar doğru yanıt verdiğini sorun.

# %% name="key-results"
key_results = {"looking.result_accuracy": right.mean()}
key_results |= {"heat_maps.result_control": agreement[control], "heat_maps.result_random": agreement[forgotten]}
key_results |= {"heat_maps.result_honest": on_mark[0], "heat_maps.result_fooled": on_mark[1]}
key_results |= {"planes.result_before": own_before, "planes.result_after": own_after}
show_results({message(key): float(value) for key, value in key_results.items()})

# %% [markdown] name="recap" lang="en"
# ## In this lesson we…
#
# - read filters and activations, found pictures to which channels answer, and tried each tool first on a filter that we
#   had made ourselves;
# - drew heat maps by Grad-CAM of right and wrong answers, checked them by covering, by forgetting and by a planted clue,
#   and said what they do not prove;
# - looked at features in a plane before and after fine-tuning, and saw what a plane can hide.
#
# **Read on:** [Grad-CAM](https://arxiv.org/abs/1610.02391), [Sanity checks for saliency
# maps](https://arxiv.org/abs/1810.03292), [Feature visualization](https://distill.pub/2017/feature-visualization/), [How
# to use t-SNE effectively](https://distill.pub/2016/misread-tsne/).

# %% [markdown] name="recap" lang="tr"
# ## Bu derste…
#
# - filtreleri ve etkinleşmeleri okuduk, kanalların tepki verdiği resimler bulduk; her aracı önce kendi yaptığımız bir
#   filtrede denedik;
# - doğru ve yanlış yanıtların Grad-CAM ile ısı haritalarını çizdik; onları örterek, unutturarak ve yerleştirilmiş bir
#   ipucuyla sınadık, neyi kanıtlamadıklarını söyledik;
# - özniteliklere ince ayardan önce ve sonra bir düzlemde baktık, bir düzlemin neleri gizleyebileceğini gördük.
#
# **Okumaya devam:** [Grad-CAM](https://arxiv.org/abs/1610.02391), [Belirginlik haritaları için
# sağlamalar](https://arxiv.org/abs/1810.03292), [Öznitelikleri
# görselleştirmek](https://distill.pub/2017/feature-visualization/), [t-SNE'yi doğru
# kullanmak](https://distill.pub/2016/misread-tsne/).
