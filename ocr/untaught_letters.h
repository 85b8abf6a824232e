/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ideographs that Japanese forms have and the Japanese networks were never taught, but the Chinese
 * one was: of the first level of JIS X 0208 and, of the second, what care, medicine, names and
 * everyday words use. Old forms (號 for 号) are none, nor what kana are taken for (乍, 卜): a Chinese
 * network sees them all over.
 */
#ifndef FUMIKURA_OCR_UNTAUGHT_LETTERS_H
#define FUMIKURA_OCR_UNTAUGHT_LETTERS_H

#include <stdint.h>

static const uint32_t untaught_letters[] =
    U"娃渥葦姐按惟畏萎謂亥允姻胤蔭吋窺蔚鰻閏叡嬰盈穎厭堰怨掩鴛旺翁寡禍苛茄蝦迦蚊俄臥蛾"
    U"餓駕恢魁晦芥凱慨馨蛙嚇廓赫恰兜萱粥侃憾柑桓棺澗翰莞雁徽飢妓蟻誼鞠桔砧汲笈糾渠鋸禦"
    U"亨僑兇匡喬怯饗斤欣欽禽芹襟謹矩虞寓屑卦祁慧荊詣戟倦捲硯絃諺姑糊跨伍梧瑚佼坑庚昂糠"
    U"紘肯膏劫拷濠忽坤墾昏些采犀咋朔柵窄捌撒燦珊纂餐屍孜斯諮璽痔嫉悉蕊酌錫儒愁蒐輯酋醜"
    U"什戎淑峻舜殉醇曙渚薯恕升嘗妾娼宵捷梢樟樵蕉詔鍾鞘丞擾燭蝕榛薪壬訊錐錘嵩趨頗畝斥碩"
    U"拙尖穿箭詮銑漸塑曾楚疏鼠匝糟綜霜遜唾惰舵岱腿黛啄琢鐸巽狸鱈歎湛耽檀弛蜘嫡衷註凋寵"
    U"弔暢脹諜朕槌鎚佃挺梯汀碇禎蹄鄭鼎溺轍迭甜顛澱堵屠鍍塘宕淘痘蕩謄撞萄禿橡鳶酉噸沌遁"
    U"撚膿蚤罵芭盃煤陪這秤箔曝莫駁肇筏蛤叛氾煩蕃匪庇緋罷弼畢逼謬彪瓢豹廟錨蒜鰭彬斌瀕賓"
    U"埠斧芙賦侮葡蕪吻憤扮焚丙陛僻瞥娩鋪圃甫戊蓬鋒鵬吠穆奔哩鮪沫繭蔓鵡婿姪棉緬摸孟尤悶"
    U"愈宥涌猶輿傭庸熔耀蓉慾沃酪濫吏裡掠侶稜諒厘淋琳伶苓漣煉簾魯賂榔牢聾肋賄蕨誨炙腱滲"
    U"咆哮彷徨哭憬聘邂逅夭躁孵哺撥浣蠱滌誦峙嘲毫磋跪訛耘誅拌顫佩籤涕聳捐毀扼嘯奠攀浚慷"
    U"溯稟闊剪懺捏諷輻駭乖亢佇佚俯倚兌剔呻咀喀嗚嗽嚼屁屹嵌徊徘悴愧慄憊憑憔懊抉掣搏摧擅"
    U"敲斂榜檻沮涎淆瀉炸熄燻爛痰眩瞞糜紊紮罹翅胚蠕蠢衍褥褪詛貪貶賽跋跌蹲遽邁闖靡魄沐猜"
    U"嘔泄嚥愕渾痙攣臍癇癲癬拗矮疵稠聊褻謐辣鄙隘饒摯皺晰蝸穹颯壺腋漿撓眸瞼臂繚顆棘蔗諱"
    U"嶼旱址咬瘡椒衙綽鼾框麒鮑瀑羚幟瑕悸橙脾蕭烽屎膊臀豌勒悄骼麩槿礫筍羞倆啼墟拇繃莢蒡"
    U"虱疸瘤絨嗅嘴堡寐恍抒掉撩旁暈桿梳棍棠榴櫃毯焙熨爬琥珀瑙瑪疇疼疣盂眷睛睫祟篩粽綸羹"
    U"翡胖脛膈艾芍菠蕁蕾蛹蜥蜴袱裔詭趾踝軋鉤餡饅鬚胱膀楷渣凰卉沁漱娶昊暉侑倩笙茉霖韶晟"
    U"瑩暘昶痿瘟膩檸檬酥蔡范潘阮鄒邱馮彭袁崔尹汪賈閔薛雍黎曼姚迪瑤璋";

#endif
