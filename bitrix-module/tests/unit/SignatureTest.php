<?php

declare(strict_types=1);

namespace Tests;

use Amobridge\Shop\Exchange\Signature;

/** The vectors are those of the service, made with the reference implementation of Standard Webhooks. */
final class SignatureTest extends ShopCase
{
    private static function vectors(): array
    {
        return json_decode((string) file_get_contents(dirname(__DIR__, 3) . '/test/fixtures/bridge-signatures.json'), true);
    }

    public function testMakesEachSignatureByteForByte(): void
    {
        $vectors = self::vectors();
        foreach ($vectors['valid'] as $case) {
            $parts = [$case['id'], (string) $case['timestamp'], $case['body']];
            self::assertSame($case['signature'], Signature::make([$vectors['secret']], ...$parts), $case['note']);
            $both = Signature::make([$vectors['rotatedSecret'], $vectors['secret']], ...$parts);
            self::assertSame($case['duringRotation'], $both, $case['note']);
        }
    }

    public function testTakesAnyOfSeveralSignaturesWithAnyOfItsSecrets(): void
    {
        $vectors = self::vectors();
        foreach ($vectors['valid'] as $case) {
            $parts = [$case['id'], (string) $case['timestamp'], $case['body']];
            foreach ([$vectors['secret'], $vectors['rotatedSecret']] as $secret) {
                self::assertTrue(Signature::fits([$secret], ...[...$parts, $case['duringRotation']]), $case['note']);
            }
            $several = [$vectors['rotatedSecret'], $vectors['secret']];
            self::assertTrue(Signature::fits($several, ...[...$parts, $case['signature']]), $case['note']);
            self::assertFalse(Signature::fits([$vectors['rotatedSecret']], ...[...$parts, $case['signature']]), $case['note']);
        }
    }

    public function testRefusesEveryAlteredMessage(): void
    {
        $vectors = self::vectors();
        foreach ($vectors['invalid'] as $case) {
            self::assertFalse(
                Signature::fits([$vectors['secret']], $case['id'], (string) $case['timestamp'], $case['body'], $case['signature']),
                $case['note']
            );
        }
    }

    public function testKnowsASecretBySight(): void
    {
        self::assertTrue(Signature::isSecret(self::vectors()['secret']));
        self::assertTrue(Signature::isSecret(Signature::newSecret()));
        foreach (['', 'whsec_', 'whsec_***', 'whsec_c2hvcnQ=', substr(self::vectors()['secret'], 6)] as $other) {
            self::assertFalse(Signature::isSecret($other), $other);
        }
    }
}
